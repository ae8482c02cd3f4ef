"""The academic database as SQL: made from a seed, loaded with COPY, with the types that break backups."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.office.seeded import TOWNS, Seed, person, sentence

_EPOCH = datetime(2022, 8, 1, 7, 30, tzinfo=UTC)
_SQL = Path(__file__).parent / "data"


def siakad(seed: int, scale: float) -> Iterator[str]:
    """Given seed and scale (1.0 ≈ 37,000 rows), yield the SQL text that psql loads into an empty database."""
    amounts = Seed(seed, scale)
    rng = amounts.random("siakad")
    yield "BEGIN;"
    yield (_SQL / "siakad_tables.sql").read_text(encoding="utf-8")
    courses = [f"MK{number:03d}" for number in range(60)]
    students = [f"{2018 + number % 6}{number:06d}" for number in range(amounts.count(2500))]
    yield from _copy(
        "prodi", ((number, f"P{number:03d}", sentence(rng, 3), f"{1960 + number}-03-14") for number in range(1, 15))
    )
    columns = "mahasiswa (nim, nama, prodi_id, lahir, kota, ipk, status, kontak, minat, foto, diubah)"
    yield from _copy(columns, (_student(rng, nim) for nim in students))
    yield from _copy(
        "mata_kuliah",
        (
            (code, sentence(rng, 4), rng.randint(1, 6), _array(rng.sample(courses, rng.randint(0, 3))))
            for code in courses
        ),
    )
    yield from _copy(
        "krs", (_enrolment(rng, number, students, courses) for number in range(1, amounts.count(22_000) + 1))
    )
    yield from _copy("pembayaran", (_payment(rng, students) for _ in range(amounts.count(6_000))))
    yield from _copy("log_masuk", (_login(rng) for _ in range(amounts.count(6_000))))
    yield from _copy(
        '"Tabel ""Aneh""; --"',
        [
            ("isi\tdengan\ntab \\. dan 'petik'", 7, "-0"),
            ("", None, "NaN"),
            (None, -1, "Infinity"),
            ("😀 أهلا", 2, 1e-30),
        ],
    )
    yield (_SQL / "siakad_behaviour.sql").read_text(encoding="utf-8")
    scan = rng.randbytes(150_000).hex()
    yield f"SELECT lo_from_bytea(424242, '\\x{scan}');\n"
    yield "COMMENT ON LARGE OBJECT 424242 IS 'pindaian ijazah';\nCOMMIT;\nANALYZE;\n"


def filler(seed: int, megabytes: int) -> str:
    """SQL for a table of about so many megabytes; the bytes follow from the seed and do not compress below one half."""
    row = "(SELECT string_agg(md5(g || '/' || part || '/" + str(seed) + "'), '') FROM generate_series(1, 31) part)"
    return f"""
    CREATE TABLE isian (id bigint PRIMARY KEY, pada timestamptz NOT NULL, isi text NOT NULL);
    ALTER TABLE isian ALTER isi SET STORAGE PLAIN;
    INSERT INTO isian SELECT g, '2023-01-01 00:00:00+00'::timestamptz + g * interval '1 second', {row}
      FROM generate_series(1, {megabytes * 1024}) g;
    ANALYZE;
    """


def _student(rng: random.Random, nim: str) -> tuple[object, ...]:
    contact = {
        "surel": f"{nim}@mahasiswa.example.ac.id",
        "wali": person(rng),
        "telepon": [f"+62 8{rng.randrange(10**9):09d}"],
        "catatan": 'kata "kutip" \\ é',
    }
    photo = rng.randbytes(rng.choice((0, 60, 400))) if rng.random() < 0.5 else None
    interests = (
        rng.sample(["futsal", "tilawah", 'kata "kutip"', "a,b", "NULL", ""], rng.randint(0, 3))
        if rng.random() < 0.8
        else None
    )
    status = rng.choices(("aktif", "cuti", "lulus", "keluar"), (70, 5, 20, 5))[0]
    born = f"{rng.randint(1996, 2006)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    public = (nim, person(rng), rng.randint(1, 14), born, rng.choice(TOWNS), f"{rng.uniform(1.5, 4):.2f}", status)
    return (*public, json.dumps(contact, ensure_ascii=False), _array(interests), photo, _moment(rng))


def _enrolment(rng: random.Random, number: int, students: list[str], courses: list[str]) -> tuple[object, ...]:
    grade = f"{rng.uniform(20, 100):.2f}" if rng.random() < 0.95 else None
    return (
        number,
        rng.choice(students),
        rng.choice(courses),
        rng.randint(1, 8),
        grade,
        repr(rng.random() * 4),
        _moment(rng),
    )


def _payment(rng: random.Random, students: list[str]) -> tuple[object, ...]:
    detail = {"kanal": rng.choice(("VA", "teller", "QRIS")), "pecahan": [rng.randrange(10**6) for _ in range(3)]}
    identity = uuid.UUID(bytes=rng.randbytes(16), version=4)
    return (
        identity,
        rng.choice(students),
        f"{rng.randrange(10**9) / 100:.2f}",
        _moment(rng),
        json.dumps(detail),
        f"{rng.randrange(90)} days 03:04:05.678901",
    )


def _login(rng: random.Random) -> tuple[object, ...]:
    note = rng.choice((None, "", "ok", "tab\tdan \\N", sentence(rng, 6)))
    return (
        _moment(rng),
        person(rng),
        f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}",
        rng.random() < 0.1,
        note,
    )


def _moment(rng: random.Random) -> str:
    """A time between August 2022 and December 2023, with microseconds."""
    return (_EPOCH + timedelta(seconds=rng.randrange(500 * 86_400), microseconds=rng.randrange(1_000_000))).isoformat()


def _array(items: list[str] | None) -> str | None:
    """A text array as PostgreSQL reads it."""
    if items is None:
        return None
    return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"


def _copy(target: str, rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """The rows as one COPY block in text format."""
    yield f"COPY {target} FROM stdin;\n"
    for row in rows:
        yield "\t".join(_field(value) for value in row) + "\n"
    yield "\\.\n"


def _field(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
