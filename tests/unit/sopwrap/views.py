"""Example offices as a whole, built by hand for the tests of the office's own papers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sopwrap.case import Actor, Asset
from sopwrap.destruction import DestructionView, DoomedCopy
from sopwrap.handovers import Handover, HandoverView
from sopwrap.keep_rule import Keep
from sopwrap.office_view import Figures, Holding, OfficeView, Planned, sealed
from sopwrap.reviews import Review
from tests.unit.sopwrap import cases

HOUR = timedelta(hours=1)
ON = date(2026, 6, 2)
TITLE = "STANDAR OPERASIONAL PROSEDUR (SOP) BACKUP SERVER"


def review(**changes: object) -> Review:
    actor = cases.person("rina").model_copy(update={"lane": None})
    fields = {
        "at": datetime(2026, 5, 20, 2, tzinfo=UTC),
        "actor": actor,
        "stated_by": "operator1",
        "subjects": ("siakad-db",),
    }
    return Review(**{**fields, **changes})  # type: ignore[arg-type]


def bare() -> OfficeView:
    """An office that has carried out nothing yet."""
    office = {"name": "Kantor Baru", "place": "Kota"}
    return sealed(OfficeView(office=office, on=ON, changed_at=datetime(2026, 6, 1, 17, tzinfo=UTC), holdings=()))


def full() -> OfficeView:
    """An office with a backup a month, one asset reviewed lately, one overdue, one never."""
    first, second, third, *_ = cases.ASSETS
    taken = cases.START + timedelta(days=17)
    judged = {"procedure": "backup", "assessment": "berjalan dengan baik", "remarks": "Lancar", "action": "Dilanjutkan"}
    form = {"since": "2026-01-01", "until": "2026-06-30", "judgements": [judged]}
    return sealed(
        OfficeView(
            office=cases.OFFICE,
            on=ON,
            changed_at=taken + timedelta(days=1),
            holdings=(
                Holding(first, f"{first.id}.20260525T020000Z.abcdef", taken, taken + HOUR, review(note="Lengkap")),
                Holding(second.model_copy(update={"reviewed": "2025-01-10", "keep": Keep(weekly=4, monthly=12)})),
                Holding(third),
            ),
            media=cases.MEDIA,
            plans=(
                Planned("iain-ptk-2022", "backup", "PROSEDUR", "P1M", date(2026, 1, 5), "21:00", (first.id, second.id),
                        "Rina Contoh, S.Kom.", "2026-0001", cases.START),
            ),
            figures=(Figures("iain-ptk-2022", "backup", "PROSEDUR", date(2026, 1, 1), date(2026, 6, 30),
                             ("2026-0001", "2026-0002"), 1, 0, 1, 1, 1, 1),),
            assessments=(review(subjects=("iain-ptk-2022",), form=form),),
            trials=(cases.record(first, "restore", taken), cases.record(second, "restore", taken, outcome="failed")),
            sops={"iain-ptk-2022": TITLE},
            zone="Asia/Pontianak",
            demo=True,
        )
    )  # fmt: skip


def thinned() -> DestructionView:
    """A destruction of four copies: two gone, one that stays for another's sake, one of which nothing came back."""
    first, second, *_ = cases.ASSETS
    taken = cases.START - timedelta(days=100)
    number = "musnah-2026-0001"

    def copy(asset: Asset, store: str, outcome: str | None) -> DoomedCopy:
        point = f"{asset.id}.20260125T020000Z.abcdef"
        told = cases.record(asset, "destroy", cases.START, store=store, point=point, outcome=outcome or "ok")
        return DoomedCopy(
            point, asset.id, asset.title, store, store, "HDD-01" if store == "external" else None, taken, 1_460_000,
            "P90D", taken + timedelta(days=90), Keep(daily=7, monthly=12), told if outcome else None,
        )  # fmt: skip

    return DestructionView(
        id=number,
        office=cases.OFFICE,
        zone="Asia/Pontianak",
        ordered_at=cases.START - HOUR,
        ordered_by=cases.person("hadi"),
        carried_out_by=cases.person("rina"),
        letter="005/77/PTID/2026",
        stated_by="operator1",
        copies=(copy(first, "internal", "ok"), copy(first, "external", "ok"), copy(second, "internal", "unchanged"),
                copy(second, "external", None)),
        witnesses=(cases.person("umar"),),
        note="Disaksikan di ruang server",
        demo=True,
        lines=("a" * 64,),
    )  # fmt: skip


def handed_over(**more: Any) -> HandoverView:
    """A disk that went from one person to another; one of them signed with a key."""
    disk = {"label": "HDD-01", "uuid": "6f0c2b7e", "serial": "WX41A", "form": "disk", "placement": "external"}
    told: dict[str, Any] = {
        "medium": {**disk, "place": "Lemari arsip PTID"},
        "keys": {"giver": cases.PEOPLE[0]["key"]},
        **more,
    }
    words = {"stated_by": "operator1", "letter": "005/81/PTID/2026", "note": "disegel, segel 0417"}
    parties = {"giver": cases.person("rina"), "receiver": cases.person("umar")}
    made = Handover("serah-2026-0001", cases.START, "HDD-01", place="Brankas Bagian Umum", **parties, **words, **told)
    return HandoverView(made, cases.OFFICE, "Asia/Pontianak", "b" * 64, demo=True)


def person() -> Actor:
    return review().actor
