from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_dress import statements


def test_a_database_of_any_name_gets_what_the_former_had_of_its_own() -> None:
    own = {
        "limit": 9,
        "granted": True,
        "grants": [[None, "TEMPORARY", False], ["si ti", "CONNECT", True]],
        "settings": [[None, 'search_path="$user", public'], ["siti", "work_mem=8MB"]],
    }
    assert statements(own, 'u"ji') == [
        'ALTER DATABASE "u""ji" CONNECTION LIMIT 9;',
        'REVOKE ALL ON DATABASE "u""ji" FROM PUBLIC;',
        'GRANT TEMPORARY ON DATABASE "u""ji" TO PUBLIC;',
        'GRANT CONNECT ON DATABASE "u""ji" TO "si ti" WITH GRANT OPTION;',
        'ALTER DATABASE "u""ji" SET "search_path" = "$user", public;',
        'ALTER ROLE "siti" IN DATABASE "u""ji" SET "work_mem" = \'8MB\';',
    ]


def test_a_database_nobody_granted_anything_on_keeps_what_a_new_one_has() -> None:
    plain = {"limit": -1, "granted": False, "grants": [], "settings": []}
    assert statements(plain, "uji") == ['ALTER DATABASE "uji" CONNECTION LIMIT -1;']
