"""Single tables of a point take the place of the living ones; the rest of the database stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import undo
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.integration.replacing import Bench
from tests.office import Office
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf

NAME = "uji_tabel"
SCHEMA = """
CREATE SCHEMA "Arsip 1"; CREATE SCHEMA lain; CREATE TYPE lain.mutu AS ENUM ('baik', 'buruk');
CREATE FUNCTION catat() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO catatan (apa) VALUES (TG_OP); RETURN NULL; END $$;
CREATE TABLE prodi (kode text PRIMARY KEY, nama text); INSERT INTO prodi VALUES ('TI', 'Teknik'), ('SI', 'Sistem');
CREATE TABLE mahasiswa (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, prodi text NOT NULL REFERENCES prodi,
  nama varchar(40) CHECK (nama IN ('a', 'b', 'c', E'd\\t\\\\.\\n')), foto bytea, ipk numeric(3, 2), mutu lain.mutu,
  besar text GENERATED ALWAYS AS (upper(nama)) STORED, wali int REFERENCES mahasiswa, CONSTRAINT cukup CHECK (ipk < 5));
INSERT INTO mahasiswa (prodi, nama, foto, ipk, mutu, wali) VALUES ('TI', 'a', '\\x00ff5c', 3.5, 'baik', NULL),
  ('TI', 'b', NULL, 2.0, 'buruk', 1), ('SI', E'd\\t\\\\.\\n', '', 4.0, NULL, 1);
CREATE INDEX nama_mahasiswa ON mahasiswa (nama);
CREATE TABLE krs (id serial PRIMARY KEY, mahasiswa int REFERENCES mahasiswa ON DELETE CASCADE);
INSERT INTO krs (mahasiswa) VALUES (1), (3);
CREATE TABLE "Arsip 1"."Log Lama" (apa text); INSERT INTO "Arsip 1"."Log Lama" VALUES ('x'), ('x'), (NULL);
CREATE TABLE catatan (apa text);
CREATE TRIGGER catat AFTER INSERT OR UPDATE OR DELETE ON mahasiswa FOR EACH STATEMENT EXECUTE FUNCTION catat();
ALTER TABLE mahasiswa ENABLE ALWAYS TRIGGER catat;
CREATE VIEW ringkas AS SELECT count(*) FROM mahasiswa; GRANT SELECT ON mahasiswa TO siakad_aplikasi;
CREATE TABLE bayar (no serial PRIMARY KEY, mahasiswa int NOT NULL REFERENCES mahasiswa, jumlah money);
INSERT INTO bayar (mahasiswa, jumlah) VALUES (1, 10), (3, 20); GRANT INSERT ON bayar TO siakad_aplikasi;
CREATE INDEX ON bayar (jumlah); CREATE TABLE cicilan (bayar int REFERENCES bayar); INSERT INTO cicilan VALUES (2);
TRUNCATE catatan;
"""
DAMAGE = """
SET session_replication_role = replica;
UPDATE mahasiswa SET ipk = 4.99 WHERE id = 1; DELETE FROM mahasiswa WHERE id = 3;
RESET session_replication_role;
INSERT INTO mahasiswa (prodi, nama) VALUES ('TI', 'c');
DELETE FROM "Arsip 1"."Log Lama" WHERE apa IS NULL; DROP TABLE bayar CASCADE; INSERT INTO prodi VALUES ('MI', 'baru');
TRUNCATE catatan;
"""
PIECES = ["table:mahasiswa", "table:Arsip 1.Log Lama", "table:public.bayar"]


@pytest.fixture(scope="module")
def tables(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A database, backed up."""
    folder = tmp_path_factory.mktemp("tables")
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    office.postgresql.create(NAME, 0)
    office.postgresql.sql(SCHEMA, NAME)
    source = {**office.postgresql.source, "database": NAME}
    asset = {"id": "uji-tabel", "kind": "postgresql", "stores": ["internal"], "source": source}
    bench = Bench(folder, asset, shelf.config(folder, "internal"), Authority(folder / "authority"))
    bench.back_up()
    bench.pieces = PIECES
    yield bench
    for name in office.postgresql.sql(
        f"SELECT datname FROM pg_database WHERE datname LIKE '{NAME}%'", "postgres"
    ).split():
        office.postgresql.sql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


ASKED = """
SELECT string_agg(m::text, ' ' ORDER BY id) FROM mahasiswa m; SELECT string_agg(b::text, ' ' ORDER BY no) FROM bayar b;
SELECT count(*), count(apa) FROM "Arsip 1"."Log Lama"; SELECT count(*) FROM krs; SELECT count(*) FROM catatan;
SELECT last_value, is_called FROM mahasiswa_id_seq; SELECT last_value, is_called FROM bayar_no_seq;
SELECT relname, relacl, relowner::regrole, ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
  WHERE c.oid IN (k.conrelid, k.confrelid) ORDER BY 1), ARRAY(SELECT indexrelid::regclass::text FROM pg_index
  WHERE indrelid = c.oid ORDER BY 1), ARRAY(SELECT concat(tgname, tgenabled) FROM pg_trigger WHERE tgrelid = c.oid
  AND NOT tgisinternal) FROM pg_class c WHERE relname IN ('bayar', 'mahasiswa') ORDER BY 1;
SELECT * FROM ringkas; SELECT count(*) FROM prodi;
"""


def broken(_services: list[str]) -> list[str]:
    raise Problem("A fault was injected.")


def asked(office: Office) -> list[str]:
    """All that is of the tables or hangs on them."""
    return office.postgresql.sql(ASKED, NAME).splitlines()


def test_tables_come_back_into_the_living_database_with_all_that_hangs_on_them_and_give_it_up_again(
    tables: Bench, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = asked(office)
    office.postgresql.sql(DAMAGE, NAME)
    bad = tables.live()

    plan = tables.plan()
    lines = ["+table:public.bayar -0 +2 ~0", "table:Arsip 1.Log Lama -0 +1 ~0", "table:public.mahasiswa -1 +1 ~1"]
    assert (plan["outcome"], sorted(plan["restore"]["difference"]["lines"])) == ("planned", lines), plan
    assert tables.live().digest == bad.digest, "a plan changes nothing"

    safety, done = tables.replace()
    assert (safety["action"], done["outcome"], done["restore"]["remaining"]) == ("safety", "ok", 0), done
    assert done["verify"]["detail"].startswith("3 items have the fingerprint")
    assert asked(office) == [*good[:-1], "3"], (
        "what is no piece stays: the new row of another table, and no trigger fired"
    )

    office.postgresql.sql("INSERT INTO mahasiswa (prodi, nama) VALUES ('TI', 'c'); TRUNCATE catatan", NAME)
    written = tables.live()
    with monkeypatch.context() as patched:
        patched.setattr(undo, "services", SimpleNamespace(require=lambda _a: [], stop=lambda _n: None, start=broken))
        (failed,) = tables.do({"undo": True})
    assert failed["outcome"] == "failed" and tables.live().digest == written.digest, failed
    (done,) = tables.do({"undo": True})
    assert done["outcome"] == "ok", done
    assert tables.live().digest == bad.digest, "what was dropped or changed by then is so again"
    assert tables.do({"undo": True})[-1]["outcome"] == "refused", "once"


@pytest.mark.parametrize(
    ("spoil", "mend", "pieces", "says"),
    [
        ("", "", ["table:tidak"], "holds no table public.tidak"),
        ("", "", ["/etc/hosts"], "'/etc/hosts' is no piece of a database"),
        (
            "ALTER TABLE krs ADD semester int; ALTER TABLE krs ALTER id TYPE bigint",
            "ALTER TABLE krs DROP semester; ALTER TABLE krs ALTER id TYPE int",
            ["table:krs"],
            "the column id is 'bigint NOT NULL' now and was 'integer NOT NULL' then",
        ),
        (
            "DELETE FROM krs WHERE id = 1; ALTER TABLE krs ADD CONSTRAINT satu UNIQUE (mahasiswa)",
            "ALTER TABLE krs DROP CONSTRAINT satu",
            ["table:krs"],
            "the constraint satu is 'UNIQUE (mahasiswa)' now and was missing then",
        ),
        (
            "INSERT INTO prodi VALUES ('XX'); UPDATE mahasiswa SET prodi = 'XX' WHERE id = 2",
            "UPDATE mahasiswa SET prodi = 'TI' WHERE id = 2; DELETE FROM prodi WHERE kode = 'XX'",
            ["table:prodi"],
            "1 rows of public.mahasiswa would point to nothing in public.prodi (foreign key mahasiswa_prodi_fkey). Put"
            " public.mahasiswa back with it",
        ),
        (
            "DELETE FROM krs; SET session_replication_role = replica; DELETE FROM mahasiswa WHERE id = 3",
            "",
            ["table:krs"],
            "1 rows of public.krs would point to nothing in public.mahasiswa (foreign key krs_mahasiswa_fkey). Put"
            " public.mahasiswa back with it",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_put_back_is_refused_before_anything_is_touched(
    spoil: str, mend: str, pieces: list[str], says: str, tables: Bench, office: Office
) -> None:
    office.postgresql.sql(f"{spoil};", NAME)
    (refused,) = tables.do({"replace": True, "pieces": pieces}, check=True)
    assert refused["outcome"] == "refused" and says in f"{refused['message']} {refused['hint']}", refused
    office.postgresql.sql(f"{mend};", NAME)
