"""Why a recovery point was destroyed, and why one was not, in the words of the Berita Acara."""

from __future__ import annotations

from sopwrap import indonesian
from sopwrap.destruction import DoomedCopy
from sopwrap.keep_rule import Keep

PERIODS = {
    "last": "{} terakhir",
    "daily": "{} harian",
    "weekly": "{} mingguan",
    "monthly": "{} bulanan",
    "yearly": "{} tahunan",
}


def rule(copy: DoomedCopy, zone: str) -> str:
    """The rule that let it go: its retention has ended, and no period of the register chose it."""
    if copy.ended_at is None:
        return "masa simpan menurut daftar aset telah berakhir"
    day = indonesian.long_date(indonesian.local_date(copy.ended_at, zone))
    ended = f"masa simpan {indonesian.period(copy.retention)} berakhir {day}"
    kept = keeping(copy.keep)
    return f"{ended}; tidak termasuk cadangan yang disimpan lebih lama ({kept})" if kept else ended


def keeping(keep: Keep) -> str:
    """What is kept beyond the retention: ``7 harian, 4 mingguan, 12 bulanan``; empty where nothing is."""
    told = keep.model_dump()
    return ", ".join(words.format(told[name]) for name, words in PERIODS.items() if told[name])


def remainder(copy: DoomedCopy) -> str:
    """What became of a copy that is not gone."""
    if copy.record is None:
        return "tidak ada bukti pelaksanaan"
    return {"refused": "ditolak", "unchanged": "tetap disimpan"}.get(copy.record.outcome, "gagal")
