"""Papers that are issued, signed and taken back, by commands; one office, whose minutes are rendered once."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from click.testing import CliRunner

from sopwrap import issuing, pades
from sopwrap.acts import enter_number
from sopwrap.cli import cli
from sopwrap.errors import RefusedError
from sopwrap.issues import Issuance
from sopwrap.papers.signature_fields import field_name, person_of
from tests.unit.sopwrap.certificates import PASSPHRASE, pkcs12_file
from tests.unit.sopwrap.small_office import Place, office, place
from tests.unit.sopwrap.small_office import refused as refused_by


class Office:
    """A folder with a case whose minutes may be signed: by Andi, who made them, and Siti, who checked them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings(trust=["siti.pem"])
        self.here: Place = place(folder)
        self.here.to("l11")
        self.here.sign("andi")
        (folder / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
        (folder / "passphrase").chmod(0o600)
        for person in ("Siti Contoh", "Andi Contoh"):
            pkcs12_file(folder, person.upper(), person.split()[0].lower())

    def settings(self, **more: Any) -> None:
        data = {**office().model_dump(mode="json"), **more}
        (self.folder / "office.yml").write_text(yaml.safe_dump(data), encoding="utf-8")

    def __call__(self, *words: str, ends: int = 0) -> str:
        result = CliRunner().invoke(cli, ["--office", str(self.folder), "report", *words])
        assert result.exit_code == ends, result.output
        return result.output

    def sign(self, person: str, key: str | None = None, ends: int = 0, *more: str) -> str:
        p12, secret = self.folder / f"{key or person}.p12", self.folder / "passphrase"
        words = ["--p12", str(p12), "--as", person, "--passphrase-file", str(secret), *more]
        return self("sign", "minutes", *words, ends=ends)

    @property
    def paper(self) -> Path:
        return self.folder / "papers" / self.here.id / "minutes.signed.pdf"

    def copy(self, folder: Path) -> Office:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = object.__new__(Office)
        other.folder = folder
        from sopwrap.ledger import open_ledger

        other.here = Place(open_ledger(folder), office(), self.here.id)
        return other


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    one = Office(tmp_path_factory.mktemp("office"))
    one("issue", "minutes")
    return one


@pytest.fixture(scope="module")
def signed(made: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    one = made.copy(tmp_path_factory.mktemp("signed"))
    one.sign("andi")
    one.sign("siti")
    return one


@pytest.fixture
def there(made: Office, tmp_path: Path) -> Office:
    return made.copy(tmp_path)


def issued(one: Office) -> bytes:
    return (one.folder / "papers" / one.here.id / "minutes.issued.pdf").read_bytes()


def refused(one: Office, pdf: bytes, says: str, ends: int = 4) -> None:
    before = one.here.ledger.verify().lines
    (one.folder / "back.pdf").write_bytes(pdf)
    assert says in one("accept", str(one.folder / "back.pdf"), ends=ends).replace("\n", " ")
    assert one.here.ledger.verify().lines == before


def test_a_paper_has_an_empty_field_for_each_who_signs_it(made: Office) -> None:
    assert pades.open_fields(issued(made)) == ["ttd_1_siti", "ttd_2_andi"]
    reader = pypdf.PdfReader(io.BytesIO(issued(made)))
    fields = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    boxes = [one["/Rect"] for one in fields if one.get("/FT") == "/Sig"]
    assert len(boxes) == 2
    for left, bottom, right, top in boxes:
        assert right - left > 100 and top - bottom > 40
    assert all("/N" in one["/AP"] for one in fields if one.get("/FT") == "/Sig")


def test_issuing_again_gives_the_same_paper_until_the_case_goes_on(there: Office) -> None:
    lines = there.here.ledger.verify().lines
    there("issue", "minutes", "-o", str(there.folder / "again.pdf"))
    assert (there.folder / "again.pdf").read_bytes() == issued(there)
    assert there.here.ledger.verify().lines == lines
    enter_number(there.here.ledger, there.here.id, "minutes", "B-1/2026", None, "operator")
    there("issue", there.here.id, "minutes")
    assert len(there.here.case().issued) == 2
    assert issuing.digest(issued(there)) == there.here.case().issued[-1].sha256


def test_nobody_signs_a_draft(tmp_path: Path) -> None:
    here = place(tmp_path)
    here.to("l11")
    desk = issuing.Desk(here.ledger, lambda case, document: b"", "operator")
    refused_by(here, lambda: issuing.issue(desk, here.id, "minutes"), r"still a draft.*when the case is done")


def test_two_sign_one_after_the_other_and_both_signatures_hold(signed: Office, made: Office) -> None:
    case = signed.here.case()
    first, second = case.signed
    assert [len(one.seals) for one in (first, second)] == [1, 2]
    assert {one["signer"] for one in second.seals} == {"ANDI CONTOH", "SITI CONTOH"}
    assert {one["field"]: one["trusted"] for one in second.seals} == {"ttd_2_andi": False, "ttd_1_siti": True}
    assert second.sha256 == issuing.digest(signed.paper.read_bytes())
    assert signed.paper.read_bytes().startswith(issued(made))
    text = " ".join(pypdf.PdfReader(signed.paper).pages[-1].extract_text().split())
    assert "Nomor" in " ".join(pypdf.PdfReader(signed.paper).pages[0].extract_text().split()) and text
    assert signed.here.ledger.verify().fault is None


def test_a_paper_signed_elsewhere_is_taken_back_with_its_signers(there: Office, signed: Office) -> None:
    shutil.copy(signed.paper, there.folder / "back.pdf")
    told = json.loads(there("accept", str(there.folder / "back.pdf"), "--json"))
    assert told["document"] == "minutes" and len(told["seals"]) == 2
    assert there.paper.read_bytes() == signed.paper.read_bytes()
    out = there("accept", str(there.folder / "back.pdf"), ends=4)
    assert "already" in out


def test_trust_is_told_only_by_the_roots_the_office_names(there: Office, signed: Office) -> None:
    there.settings()
    shutil.copy(signed.paper, there.folder / "back.pdf")
    out = there("accept", str(there.folder / "back.pdf"))
    assert "every signature is intact" in out and "names no roots to judge it by" in out
    there.settings(trust=["passphrase"])
    assert "holds no certificates" in there("accept", str(there.folder / "back.pdf"), ends=2)


def test_a_field_the_signers_own_program_adds_is_fine(there: Office) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = signers.SimpleSigner.load_pkcs12(str(there.folder / "siti.p12"), passphrase=PASSPHRASE.encode())
    writer = IncrementalPdfFileWriter(io.BytesIO(issued(there)))
    box = fields.SigFieldSpec("Signature1", box=(50, 50, 150, 90))
    meta = signers.PdfSignatureMetadata(field_name="Signature1")
    done = signers.PdfSigner(meta, signer=signer, new_field_spec=box).sign_pdf(writer)
    (there.folder / "back.pdf").write_bytes(done.getvalue())
    assert "SITI CONTOH" in there("accept", str(there.folder / "back.pdf"))


def test_an_unsigned_paper_another_one_and_what_is_no_pdf_are_refused(there: Office, signed: Office) -> None:
    refused(there, issued(there), "back.pdf is not taken back: It carries no signature.")
    other = issued(there).replace(b"0 R", b"1 R", 1)
    refused(there, other, "It is no paper this office has issued, or its issued part was changed.")
    refused(there, b"hello", "It is no paper this office has issued")
    (there.folder / "back.pdf").write_bytes(signed.paper.read_bytes())
    assert "no paper case 2026-0099 has issued" in there(
        "accept", str(there.folder / "back.pdf"), "--case", "2026-0099", ends=4
    )


def test_one_flipped_byte_anywhere_is_found(there: Office, signed: Office) -> None:
    whole = signed.paper.read_bytes()
    desk = issuing.Desk(there.here.ledger, lambda case, document: b"", "operator")
    size = there.here.case().issued[-1].size
    inside = [(place_, 1 << number % 8) for number, place_ in enumerate(range(0, size, size // 60))]
    behind = [(place_, 1 << number % 8) for number, place_ in enumerate(range(size, len(whole), 1777))]
    padding = whole.rindex(b"0000000000")  # of the last signature's place, which no signature covers
    for place_, bit in [*inside, *behind, (padding, 0x01), (padding, 0x10), (len(whole) - 2, 0x01)]:
        changed = bytearray(whole)
        changed[place_] ^= bit
        with pytest.raises(RefusedError):
            issuing.take(desk, bytes(changed))
    assert len(there.here.case().signed) == 0


def test_pages_added_after_or_before_signing_are_refused(there: Office, signed: Office) -> None:
    refused(there, with_a_page(signed.paper.read_bytes()), "was changed after")
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load_pkcs12(str(there.folder / "siti.p12"), passphrase=PASSPHRASE.encode())
    writer = IncrementalPdfFileWriter(io.BytesIO(with_a_page(issued(there))))
    done = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="ttd_1_siti"), signer=signer)
    refused(there, done.getvalue(), "More than signatures was added")


def with_a_page(pdf: bytes) -> bytes:
    """The file with a page more, added as PDF programs do: behind what is there."""
    from pyhanko.pdf_utils import generic, writer
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    grown = IncrementalPdfFileWriter(io.BytesIO(pdf))
    content = grown.add_object(generic.StreamObject(stream_data=b"BT ET"))
    grown.insert_page(writer.PageObject(contents=content, media_box=(0, 0, 100, 100)))
    out = io.BytesIO()
    grown.write(out)
    return out.getvalue()


def test_a_signature_that_was_taken_off_again_is_missed(signed: Office, tmp_path: Path) -> None:
    one = signed.copy(tmp_path)
    whole = one.paper.read_bytes()
    first = whole[: one.here.case().signed[0].size]
    refused(one, first, "The signature of SITI CONTOH is missing, which the ledger knows of.")


def test_everybody_signs_in_their_own_place_with_their_own_certificate_once(signed: Office, tmp_path: Path) -> None:
    one = signed.copy(tmp_path)
    assert "made out to ANDI CONTOH, and siti is Siti Contoh" in one.sign("siti", "andi", 4)
    assert "no place left for the signature of Siti Contoh" in one.sign("siti", None, 4)
    assert "Nobody in office.yml has the id budi" in one.sign("budi", "andi", 2)


def test_who_is_not_named_on_the_paper_does_not_sign_it(there: Office) -> None:
    pkcs12_file(there.folder, "Yusuf Contoh", "yusuf")
    out = there.sign("yusuf", None, 4)
    assert "no place left for the signature of Yusuf Contoh" in out and "It waits for: siti, andi." in out


@pytest.mark.parametrize(
    ("spoil", "says", "ends"),
    [
        (lambda folder: (folder / "passphrase").chmod(0o640), "Others can read", 4),
        (lambda folder: (folder / "passphrase").write_text("wrong"), "passphrase does not fit", 4),
        (lambda folder: (folder / "siti.p12").write_bytes(b"x"), "it is no PKCS#12 file", 4),
        (lambda folder: (folder / "siti.p12").unlink(), "cannot be read: No such file", 2),
    ],
)
def test_a_key_that_cannot_be_opened_leaves_nothing_behind(
    there: Office, spoil: Callable[[Path], Any], says: str, ends: int
) -> None:
    before = there.here.ledger.verify().lines
    spoil(there.folder)
    assert says in there.sign("siti", None, ends).replace("\n", " ")
    assert there.here.ledger.verify().lines == before
    assert not there.paper.exists()


def test_the_passphrase_is_asked_and_not_shown(there: Office) -> None:
    words = ["report", "sign", "minutes", "--p12", str(there.folder / "siti.p12"), "--as", "siti"]
    result = CliRunner().invoke(cli, ["--office", str(there.folder), *words], input=PASSPHRASE + "\n")
    assert result.exit_code == 0, result.output
    assert PASSPHRASE not in result.output
    assert there.here.case().signed[-1].seals[0]["signer"] == "SITI CONTOH"


def test_neither_passphrase_nor_key_stays_anywhere(signed: Office) -> None:
    kept = [path for path in signed.folder.rglob("*") if path.is_file() and path.name != "passphrase"]
    assert kept
    for path in kept:
        assert PASSPHRASE.encode() not in path.read_bytes(), path


def test_a_file_that_was_lost_is_made_again_or_asked_for(signed: Office, tmp_path: Path) -> None:
    one = signed.copy(tmp_path)
    one.paper.unlink()
    assert "is not the file that" in one.sign("siti", None, 2)
    desk = issuing.Desk(one.here.ledger, lambda case, document: b"another rendering", "operator")
    with pytest.raises(RefusedError, match="cannot be made again as it was"):
        issuing.again(desk, one.here.id, one.here.case().issued[-1])


def test_a_field_is_named_by_its_place_and_its_person() -> None:
    assert [person_of(field_name(2, one)) for one in ("siti", "a_b-c", None)] == ["siti", "a_b-c", None]


def test_a_paper_nobody_issued_has_no_latest_issue(made: Office) -> None:
    assert issuing.latest(made.here.case(), "report") is None
    assert isinstance(issuing.latest(made.here.case(), "minutes"), Issuance)
