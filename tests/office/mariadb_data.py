"""The website's database as SQL: made from a seed, with what breaks backups of MariaDB."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.office.seeded import Seed, person, sentence

_EPOCH = datetime(2022, 1, 3, 8, 0, tzinfo=UTC)
_ROWS_IN_ONE_INSERT = 200
_EMOJI = ("📚", "🕌", "🎓", "👩‍🎓", "🇮🇩", "✔️")
_SQL = Path(__file__).parent / "data"


def website(seed: int, scale: float) -> Iterator[str]:
    """Given seed and scale (1.0 ≈ 23,000 rows), yield the SQL text for an empty database."""
    amounts = Seed(seed, scale)
    rng = amounts.random("website")
    authors, articles = amounts.count(40), amounts.count(2_500)
    yield (_SQL / "website_tables.sql").read_text(encoding="utf-8")
    yield "START TRANSACTION;\n"
    people = (
        (
            number,
            person(rng),
            f"penulis{number}@example.ac.id",
            rng.choice(("", "tulis", "tulis,terbit")),
            rng.randrange(2),
        )
        for number in range(1, authors + 1)
    )
    yield from _insert("penulis", people)
    columns = (
        "artikel (id, penulis_id, judul, isi, ringkas, status, bendera, harga, bobot, terbit, diubah, tahun, meta)"
    )
    yield from _insert(columns, (_article(rng, number, authors) for number in range(1, articles + 1)))
    yield from _insert("komentar", (_comment(rng, number, articles) for number in range(1, amounts.count(20_000) + 1)))
    yield from _insert("media (nama, sidik, isi)", (_media(rng, number) for number in range(amounts.count(60))))
    yield "UPDATE media SET letak = POINT(109.3425, -0.0263) WHERE nama LIKE '%1%';\n"
    yield from _insert(
        "pengaturan",
        [("judul", "IAIN Pontianak 🎓"), ("kosong", ""), ("null", None), ("petik", "a'b\"c\\d\n\t%_"), ("nol", "\0x")],
    )
    yield from _insert(
        "`tabel ``aneh```", [(None, "-838:59:59.00", ""), (1, "00:00:00.01", "a"), (1, "00:00:00.01", "a")]
    )
    yield "COMMIT;\n"
    yield (_SQL / "website_behaviour.sql").read_text(encoding="utf-8")


def filler(seed: int, megabytes: int) -> str:
    """SQL for a table of about so many megabytes; the bytes follow from the seed and do not compress below one half."""
    parts = ", ".join(f"SHA2(CONCAT(seq, '/{part}/{seed}'), 512)" for part in range(8))
    return f"""
    CREATE TABLE isian (id BIGINT PRIMARY KEY, pada DATETIME NOT NULL, isi TEXT CHARACTER SET ascii NOT NULL);
    SET unique_checks = 0;
    INSERT INTO isian SELECT seq, '2023-01-01' + INTERVAL seq SECOND, CONCAT({parts}) FROM seq_1_to_{megabytes * 1000};
    """


def _article(rng: random.Random, number: int, authors: int) -> tuple[object, ...]:
    title = f"{sentence(rng, rng.randint(2, 7))} {rng.choice(_EMOJI) if rng.random() < 0.3 else ''}"
    body = "\r\n".join(f"<p class='isi'>{sentence(rng, 30)}</p>" for _ in range(rng.randint(1, 8)))
    meta = json.dumps(
        {"label": [rng.choice(_EMOJI), 'kata "kutip"'], "dilihat": rng.randrange(10**6)}, ensure_ascii=False
    )
    status = rng.choice(("draf", "terbit", "arsip"))
    price = f"{rng.randrange(10**12) / 10**6:.6f}" if rng.random() < 0.5 else None
    moment, touched = _moment(rng), f"{_moment(rng)}.{rng.randrange(10**6):06d}"
    year = rng.choice((None, 1998, 2022, 2023))
    return (
        number,
        rng.randint(1, authors),
        title,
        body,
        rng.choice((None, "", sentence(rng, 8))),
        status,
        rng.randrange(4096),
        price,
        rng.random(),
        moment,
        touched,
        year,
        meta,
    )


def _comment(rng: random.Random, number: int, articles: int) -> tuple[object, ...]:
    said = rng.choice(
        (sentence(rng, 9), "Alhamdulillah " + rng.choice(_EMOJI), "", "baris\nkedua \\ dan 'petik'", "أحسنت")
    )
    sent = f"{_moment(rng)}.{rng.randrange(1000):03d}"
    return (
        number,
        rng.randint(1, articles),
        rng.choice((None, "", person(rng))),
        said,
        sent,
        rng.randbytes(rng.choice((4, 16))),
    )


def _media(rng: random.Random, number: int) -> tuple[object, ...]:
    return f"foto-{number:04d}\x00\xff.jpg".encode("latin-1"), rng.randbytes(32), rng.randbytes(rng.randrange(20_000))


def _moment(rng: random.Random) -> str:
    """A time in 2022 or 2023, to the second."""
    return (_EPOCH + timedelta(seconds=rng.randrange(700 * 86_400))).strftime("%Y-%m-%d %H:%M:%S")


def _insert(target: str, rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """The rows as INSERT statements of some hundred rows each."""
    batch: list[str] = []
    for row in rows:
        batch.append("(" + ",".join(_literal(value) for value in row) + ")")
        if len(batch) == _ROWS_IN_ONE_INSERT:
            yield f"INSERT INTO {target} VALUES {','.join(batch)};\n"
            batch.clear()
    if batch:
        yield f"INSERT INTO {target} VALUES {','.join(batch)};\n"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'" if value else "''"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    escaped = {"\\": "\\\\", "'": "\\'", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z"}
    return "'" + "".join(escaped.get(character, character) for character in text) + "'"
