from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_again import foreign_keys

OUT = "ALTER TABLE ONLY public.krs\n    ADD CONSTRAINT a FOREIGN KEY (m) REFERENCES public.mhs(id);\n"
IN = "ALTER TABLE ONLY public.cicilan\n    ADD CONSTRAINT b FOREIGN KEY (k) REFERENCES public.krs(id);\n"
OTHER = "ALTER TABLE ONLY public.x\n    ADD CONSTRAINT c FOREIGN KEY (k) REFERENCES public.krs_lama(id);\n"


def test_a_table_gets_its_foreign_keys_back_and_those_to_it_from_tables_that_live() -> None:
    asked: list[str] = []

    def living(sql: str) -> list[bool]:
        asked.append(sql)
        return [True]

    assert foreign_keys(living, [OUT, IN, OTHER], ["public.krs"]) == [OUT, IN]
    assert len(asked) == 1 and "'public.cicilan'" in asked[0]
    assert foreign_keys(lambda _sql: [False], [OUT, IN, OTHER], ["public.krs"]) == [OUT]
    assert foreign_keys(living, [OUT], []) == []
