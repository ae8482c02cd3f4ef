from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sopwrap.case import Acting, Case, Round, StepView
from sopwrap.papers import people
from sopwrap.partial import Handover
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_what_was_signed_with_a_key_and_what_was_stated_are_told_apart() -> None:
    page = text(html(cases.finished(), "control_sheet"))
    assert "ditandatangani dengan kunci SHA256:" in page
    assert "dinyatakan oleh Rina Contoh, S.Kom., dicatat oleh operator1" in page
    assert "dinyatakan oleh Umar Contoh, S.E., dicatat oleh operator1, surat nomor ND-07/In.15/UM/05/2026" in page
    assert "dikerjakan dan diukur sistem" in page


def test_a_signature_block_cites_only_what_was_said_about_that_very_paper() -> None:
    case = cases.finished()
    assert "“sesuai” ditandatangani dengan kunci" in (people.checker(case, "minutes").vouched or "")
    head = people.checker(case, "media_note")  # the head ordered the case, but never decided on this note
    assert (head.name, head.vouched) == ("Drs. H. Hadi Contoh, M.Kom.", None)
    sent_back = replace(case, steps=tuple(_without_second_round(view) for view in case.steps))
    assert people.maker(sent_back, "minutes").vouched is None


def _without_second_round(view: StepView) -> StepView:
    """The minutes were sent back and are due again."""
    if view.step.id != "l9":
        return view
    return StepView(view.step, (view.rounds[0], Round(number=2, due_at=view.rounds[1].due_at)))


def test_a_key_is_cited_by_the_fingerprint_ssh_keygen_prints(tmp_path: Path) -> None:
    key = tmp_path / "key.pub"
    key.write_text(cases.PEOPLE[0]["key"] + "\n")
    told = subprocess.run(["ssh-keygen", "-lf", key], capture_output=True, text=True, check=False)
    assert people.fingerprint("not a key") is None
    if told.returncode == 0:
        assert people.fingerprint(cases.PEOPLE[0]["key"]) in told.stdout.split()


def test_the_berita_acara_names_both_parties_by_their_lanes_in_the_procedure() -> None:
    page = text(html(cases.finished(), "minutes"))
    first, second = page.index("Rina Contoh"), page.index("Drs. H. Hadi Contoh")
    assert first < page.index("PIHAK PERTAMA") < second < page.index("PIHAK KEDUA")
    assert "Selasa, tanggal Dua Puluh Enam bulan Mei tahun Dua Ribu Dua Puluh Enam (26-05-2026)" in page
    for asset in cases.ASSETS:
        assert cases.digest(asset.id) in page or cases.digest(f"{asset.id} content") in page


def test_a_party_nobody_is_bound_to_is_left_to_be_written_in() -> None:
    office = {**cases.OFFICE, "people": [], "bindings": {}}
    case = replace(cases.until("l2"), office=office)
    bare = replace(case, steps=tuple(StepView(view.step) for view in case.steps))
    assert people.maker(bare, "minutes").name is None
    assert "Kepala PTID" in text(html(bare, "report"))


def test_a_box_is_ticked_by_a_persons_word_and_never_by_the_machine() -> None:
    case = cases.finished()
    assert html(case, "checklist").count("dicentang") == 6
    assert html(changed(case, "l8", checked=("siakad-db",)), "checklist").count("dicentang") == 1
    assert "dicentang" not in html(changed(case, "l8", checked=()), "checklist")
    for nobody in ({"method": "machine"}, {"actor": None}, {"finished_at": None}):
        assert "dicentang" not in html(changed(case, "l8", **nobody), "checklist")


def test_the_blank_checklist_of_the_beginning_has_every_asset_and_no_tick() -> None:
    page = html(cases.until("l3"), "checklist")
    assert page.count('aria-label="kosong"') == 6
    assert page.count("belum dilaksanakan") == 6


def handed_over() -> Case:
    """Kaltim's request as it was passed on: a substitute verified it, the supervisor ended the step."""
    sop = library()["kaltim"]
    case = built.walked(sop, sop.procedures[0], "backup")
    view = next(one for one in case.steps if len(one.step.actors) > 1 and one.step.kind == "process")
    done = view.rounds[-1]
    order = Acting(
        capacity="Plh", official="p1", name="Siti Contoh, M.T.", own_post="Kepala Seksi", since=date(2026, 5, 1),
        until=date(2026, 5, 31), letter="800/12/2026",
    )  # fmt: skip
    stand_in = built.person(sop, view.step.actors[0], 1).model_copy(
        update={
            "id": "stand-in",
            "name": "Gunawan Contoh, S.T.",
            "post": "Plh. Administrator Bidang TIK",
            "acting": order,
        }
    )
    told = Handover(
        done.due_at + timedelta(minutes=5), stand_in, "stated", stated_by="operator1", note="Mohon ditindaklanjuti",
        exception="Pegawai lain sedang dinas luar",
    )  # fmt: skip
    return changed(case, view.step.id, handovers=(told,))


def test_a_hand_over_stands_on_the_control_sheet_the_disposition_and_among_the_exceptions() -> None:
    case = handed_over()
    stands = "dinyatakan oleh Gunawan Contoh, S.T., dicatat oleh operator1, selaku Plh. berdasarkan 800/12/2026"
    sheet = text(html(case, "control_sheet"))
    assert "diteruskan 08-05-2026 10.05: Mohon ditindaklanjuti; " + stands in sheet
    assert "pengecualian (peran rangkap): Pegawai lain sedang dinas luar" in sheet
    order = text(html(case, "order"))
    assert "Plh. Administrator Bidang TIK" in order
    assert stands + ", 8 Mei 2026 pukul 10.05 WITA" in order
    assert "Peran rangkap oleh Gunawan Contoh, S.T." in text(html(case, "report"))
