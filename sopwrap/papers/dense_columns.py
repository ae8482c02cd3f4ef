"""What a dense table says of an asset of a case (sopwrap.papers.dense), by the names the templates use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sopwrap import indonesian
from sopwrap.case import Asset, Case
from sopwrap.naming import point_name
from sopwrap.papers import people, recovery, results, wording
from sopwrap.papers.dense import DIGITS, Column
from sopwrap.papers.results import Copy, Result
from sopwrap.papers.timing import zone_of
from sopwrap.papers.wording import foreign, mark, short

T = TypeVar("T")
When = Callable[[datetime | None], str]


def when_in(zone: str) -> When:
    """Writes moments in a zone; nothing where there is none."""
    return lambda moment: indonesian.short_date_time(moment, zone) if moment else ""


def of_asset(asset: Callable[[T], Asset], store_words: Callable[[str], str]) -> dict[str, Column[T]]:
    """The columns of an asset's entry in the register; ``asset`` gives it of what the table lists."""
    return {
        "asset": Column("Data/aset", 36, lambda one: foreign(asset(one).title or asset(one).id)),
        "id": Column("Nomor register", 22, lambda one: asset(one).id, "mono"),
        "entry": Column("Nomor register, lokasi", 34, lambda one: f"{asset(one).id}, {asset(one).host}"),
        "host": Column("Lokasi asal", 18, lambda one: asset(one).host),
        "kind": Column("Jenis", 24, lambda one: results.kind_words(asset(one))),
        "owner": Column("Pemilik data", 26, lambda one: asset(one).owner),
        "class": Column("Klasifikasi", 18, lambda one: asset(one).classification),
        "personal": Column("Data pribadi", 12, lambda one: "ya" if asset(one).personal_data else "tidak", "c"),
        "stores": Column("Penyimpanan", 34, lambda one: "; ".join(map(store_words, asset(one).stores))),
        "retention": Column("Retensi", 15, lambda one: indonesian.period(asset(one).retention)),
    }


def of_case(case: Case) -> dict[str, Column[Result]]:
    """Every column of the assets of a case."""
    when = when_in(zone_of(case))
    asset: dict[str, Column[Result]] = of_asset(lambda one: one.asset, lambda store: results.store_words(case, store))
    return {**asset, **_work(case, when), **_proof(), **_kept(case), **_restored(case, when)}


def _work(case: Case, when: When) -> dict[str, Column[Result]]:
    """What was done, by the records of it."""
    return {
        "point": Column("Nama titik cadangan", 48, lambda one: _point(case, one), "mono"),
        "size": Column("Ukuran", 15, lambda one: indonesian.size(one.size), "r"),
        "items": Column(
            "Butir", 12, lambda one: _number([copy.written.items for copy in one.copies[:1]]), "r", quiet=True
        ),
        "added": Column("Bertambah", 15, _added, "r"),
        "began": Column("Mulai", 23, lambda one: when(one.span and one.span[0]), "c"),
        "ended": Column("Waktu selesai", 23, lambda one: when(one.span and one.span[1]), "c"),
        "time": Column("Pelaksanaan", 30, lambda one: _period(one.span, when), "c"),
        "tool": Column("Alat", 20, lambda one: ", ".join(_each(one, _tool))),
        "status": Column("Hasil", 20, lambda one: one.status),
        "message": Column("Pesan sistem", 50, _message, quiet=True),
        "ticked": _ticked(case),
        "remark": Column("Keterangan/paraf", 24, lambda one: " ", stays=True),
    }


def _proof() -> dict[str, Column[Result]]:
    """How a result was found to be good."""
    return {
        "proof": Column("Penyimpanan dan pemeriksaan", 50, lambda one: "; ".join(_each(one, _proven))),
        "checked": Column("Pemeriksaan", 30, lambda one: "; ".join(_each(one, results.verified))),
        "hash": Column("Hash", 31, _hash, "mono"),
        "sha256": Column("SHA-256", 24, lambda one: _short([copy.written.sha256 for copy in one.copies]), "mono"),
        "content": Column(
            "Sidik isi", 24, lambda one: _short([copy.written.fingerprint for copy in one.copies]), "mono"
        ),
    }


def _kept(case: Case) -> dict[str, Column[Result]]:
    """Where the copies lie and for how long."""
    zone = zone_of(case)

    def where(copy: Copy) -> str:
        place = f", {copy.medium.place}" if copy.medium and copy.medium.place else ""
        keeper = f" (penanggung jawab {copy.medium.custodian})" if copy.medium and copy.medium.custodian else ""
        return results.stored_in(copy.written) + place + keeper

    def until(copy: Copy) -> str:
        end = copy.written.retention_until
        return indonesian.long_date(indonesian.local_date(end, zone)) if end else ""

    return {
        "where": Column("Penyimpanan, media, dan lokasi", 44, lambda one: "; ".join(_each(one, where))),
        "until": Column("Disimpan sampai", 24, lambda one: "; ".join(_each(one, until)), "c"),
    }


def _restored(case: Case, when: When) -> dict[str, Column[Result]]:
    """What a restore brought back."""
    lost = {one.restored.asset: one.lost for one in recovery.recoveries(case)} if case.operation == "restore" else {}

    def made(one: Result) -> str:
        return when(recovery.taken_at(one.copies[-1].written.point)) if one.copies else ""

    def gap(one: Result) -> str:
        found = lost.get(one.asset.id)
        return indonesian.span(found.total_seconds()) if found else ""

    return {
        "made": Column("Dibuat pada", 23, made, "c"),
        "lost": Column("Selisih data (RPO nyata)", 26, gap),
        "rows": Column(
            "Baris", 14, lambda one: _number([copy.written.rows for copy in one.copies[-1:]]), "r", quiet=True
        ),
    }


def _ticked(case: Case) -> Column[Result]:
    ticks = people.ticks(case, "checklist")
    return Column("Selesai", 12, lambda one: mark(one.asset.id in ticks), "c", stays=True)


def _each(result: Result, words: Callable[[Copy], str]) -> list[str]:
    """What is to be said of the copies of an asset, each word once."""
    return [one for one in dict.fromkeys(words(copy) for copy in result.copies) if one]


def _proven(copy: Copy) -> str:
    return f"{results.stored_in(copy.written)}: {results.verified(copy)}"


def _tool(copy: Copy) -> str:
    tool = copy.written.tool
    return f"{tool.name} {tool.version}" if tool else ""


def _point(case: Case, result: Result) -> str:
    found = results.point(result)
    return point_name(found, case.office) if found else ""


def _period(span: tuple[datetime, datetime] | None, when: When) -> str:
    """From and to; the day is said once where it is one."""
    begin, end = (when(one) for one in span) if span else ("", "")
    day, time = begin.partition(" ")[::2]
    return f"{begin}–{end.removeprefix(day).lstrip()}" if time else ""


def _added(result: Result) -> str:
    """What all stores together had to take in."""
    added = results.total_added([result])
    return indonesian.size(added) if added is not None else ""


def _message(result: Result) -> str:
    return wording.english(result.failures[-1].message) if result.failures else ""


def _hash(result: Result) -> str:
    label, value = results.digest(result)
    return (short(value, DIGITS) + (" (isi)" if "isi" in label else "")) if value else ""


def _short(digests: list[str | None]) -> str:
    return next((one[:DIGITS] for one in digests if one), "")


def _number(counts: list[int | None]) -> str:
    return next((indonesian.number(one) for one in counts if one is not None), "")
