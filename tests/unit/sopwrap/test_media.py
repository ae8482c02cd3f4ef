from __future__ import annotations

from sopwrap.media import carriers
from sopwrap.medium import Medium
from sopwrap.records import Verification
from tests.unit.sopwrap.small_office import record

DISK = Medium(store="external", placement="external", label="HDD-01", uuid="6f0c", custodian="Budi", place="Lemari 2")
MEDIA = [Medium(store="internal", placement="internal"), DISK, DISK.model_copy(update={"store": "arsip"})]


def test_a_medium_is_told_once_with_its_stores_and_what_was_last_seen_of_it() -> None:
    seen = record("check_media", None, "external", medium="HDD-01", free_bytes=500)
    proof = Verification(method="read", ok=True, detail="")
    read = record("verify", None, "external", medium="HDD-01", verify=proof)
    gone = record("check_media", None, "external", outcome="refused", medium="HDD-01", message="It is not there.")
    (fresh,) = carriers(MEDIA, [], [])
    assert (fresh.medium.label, fresh.stores, fresh.seen_at) == ("HDD-01", ("external", "arsip"), None)
    (known,) = carriers(MEDIA, [seen, read], [])
    assert (known.seen_at, known.read_back_at, known.free_bytes) == (read.finished_at, read.finished_at, 500)
    (lost,) = carriers(MEDIA, [seen, read, gone], [])
    assert (lost.trouble, lost.seen_at) == ("It is not there.", read.finished_at)
    (back,) = carriers(MEDIA, [gone, seen], [])
    assert back.trouble == ""
    assert back.as_dict()["stores"] == ["external", "arsip"]


def test_a_plan_and_a_failed_proof_are_no_sight_of_a_medium() -> None:
    failed = record("verify", None, "external", outcome="failed", medium="HDD-01")
    planned = record("check_media", None, "external", outcome="planned", medium="HDD-01")
    (known,) = carriers(MEDIA, [failed, planned], [])
    assert (known.seen_at, known.read_back_at, known.trouble) == (None, None, "")
