"""What a dense table says of an asset of a register, a line of the schedule, or a destroyed copy, by the names the
templates use (sopwrap.papers.dense)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sopwrap import indonesian
from sopwrap.destruction import DestructionView, DoomedCopy
from sopwrap.naming import point_name
from sopwrap.office_view import Holding, OfficeView, Planned
from sopwrap.papers import results, thinning
from sopwrap.papers.dense import Column
from sopwrap.papers.dense_columns import of_asset, when_in
from sopwrap.papers.wording import foreign
from sopwrap.records import Evidence

Line = tuple[Planned | None, Holding]


def of_register(view: OfficeView) -> dict[str, Column[Holding]]:
    """Every column of the assets of a register."""
    when = when_in(view.zone)
    asset: dict[str, Column[Holding]] = of_asset(lambda one: one.asset, lambda store: results.store_words(view, store))
    return {
        **asset,
        "rpo": Column("RPO", 13, lambda one: indonesian.period(one.asset.rpo)),
        "rto": Column("RTO", 13, lambda one: indonesian.period(one.asset.rto)),
        "keep": Column(
            "Disimpan lebih lama", 40, lambda one: thinning.keeping(one.asset.keep) if one.asset.keep else ""
        ),
        "taken": Column("Cadangan terakhir", 23, lambda one: when(one.taken_at), "c"),
        "read": Column("Dibaca kembali", 23, lambda one: when(one.proven_at), "c"),
        "reviewed": Column("Tinjauan terakhir", 24, lambda one: _day(one.reviewed_on)),
        "review_due": Column("Tinjauan berikutnya", 34, lambda one: _due(view, one)),
        **_trials(view),
    }


def _trials(view: OfficeView) -> dict[str, Column[Holding]]:
    """The last time each asset was brought back."""
    when, last = when_in(view.zone), {one.asset: one for one in view.trials}

    def told(words: Callable[[Evidence], str]) -> Callable[[Holding], str]:
        return lambda one: words(last[one.asset.id]) if one.asset.id in last else ""

    def point(trial: Evidence) -> str:
        return point_name(trial.point, view.office) if trial.point else ""

    return {
        "trial_point": Column("Cadangan yang diuji", 48, told(point), "mono"),
        "tried": Column("Waktu uji", 23, told(lambda trial: when(trial.finished_at)), "c"),
        "took": Column("Lama", 22, told(lambda trial: indonesian.span(trial.seconds))),
        "trial": Column("Hasil", 24, lambda one: results.trial_words(last.get(one.asset.id))),
    }


def of_schedule(view: OfficeView) -> dict[str, Column[Line]]:
    """Every column of the lines of an office's schedule."""
    when = when_in(view.zone)
    asset: dict[str, Column[Line]] = of_asset(lambda one: one[1].asset, lambda store: results.store_words(view, store))
    return {
        **asset,
        "procedure": Column("Prosedur", 30, lambda one: foreign(one[0].title) if one[0] else "belum dijadwalkan"),
        "sop": Column("SOP", 30, lambda one: foreign(view.sops.get(one[0].sop, one[0].sop)) if one[0] else ""),
        "every": Column("Kala", 18, lambda one: f"setiap {indonesian.period(one[0].every)}" if one[0] else ""),
        "at": Column("Jam", 12, lambda one: one[0].at.replace(":", ".") if one[0] else "", "c"),
        "responsible": Column("Penanggung jawab", 26, lambda one: one[0].responsible if one[0] else ""),
        "taken": Column("Realisasi terakhir", 23, lambda one: when(one[1].taken_at), "c"),
        "last_case": Column("Kasus", 18, lambda one: (one[0].last_case or "") if one[0] else ""),
    }


def of_destruction(view: DestructionView) -> dict[str, Column[DoomedCopy]]:
    """Every column of the copies that were to be destroyed."""
    when = when_in(view.zone)
    return {
        "asset": Column("Data/aset", 36, lambda one: foreign(one.title or one.asset)),
        "point": Column("Nama titik cadangan", 48, lambda one: point_name(one.point, view.office), "mono"),
        "taken": Column("Dibuat", 23, lambda one: when(one.taken_at), "c"),
        "size": Column("Ukuran", 15, lambda one: indonesian.size(one.size_bytes), "r"),
        "where": Column("Penyimpanan", 26, results.stored_in),
        "gone": Column("Dimusnahkan", 23, lambda one: when(one.record.finished_at if one.record else None), "c"),
        "rule": Column("Alasan", 60, lambda one: thinning.rule(one, view.zone)),
        "remainder": Column("Keadaan", 24, thinning.remainder),
    }


def _due(view: OfficeView, one: Holding) -> str:
    if not view.overdue(one):
        return _day(one.review_due)
    return f"lewat sejak {_day(one.review_due)}" if one.review_due else "harus ditinjau"


def _day(day: date | None) -> str:
    return indonesian.long_date(day) if day else ""
