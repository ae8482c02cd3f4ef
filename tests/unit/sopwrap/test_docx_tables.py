from __future__ import annotations

from tests.unit.sopwrap.docx_tools import made

TABLE = """<table class="grid"><colgroup><col style="width:20mm"><col><col style="width:30mm"></colgroup>
<thead><tr><th rowspan="2">No</th><th colspan="2">Waktu</th></tr><tr><th>Mulai</th><th>Selesai</th></tr></thead>
<tbody><tr><td>1</td><td>a</td><td>b</td></tr></tbody></table>"""


def test_cells_that_span_rows_and_columns_are_merged() -> None:
    rows = [[cell.text for cell in row.cells] for row in made(TABLE).tables[0].rows]
    assert rows == [["No", "Waktu", "Waktu"], ["No", "Mulai", "Selesai"], ["1", "a", "b"]]


def test_the_head_repeats_and_no_row_is_torn_apart() -> None:
    rows = made(TABLE).tables[0].rows
    assert ["w:tblHeader" in row._tr.xml for row in rows] == [True, True, False]
    assert all("w:cantSplit" in row._tr.xml for row in rows)


def test_stated_widths_are_kept_and_the_rest_of_the_room_is_shared() -> None:
    widths = [round(column.width.mm) for column in made(TABLE).tables[0].columns]
    assert widths == [20, 210 - 20 - 27 - 50, 30]


def test_only_tables_with_lines_on_the_page_have_lines() -> None:
    assert "w:tblBorders" in made(TABLE).tables[0]._tbl.xml
    assert "w:tblBorders" not in made(TABLE.replace("grid", "fields")).tables[0]._tbl.xml


def test_a_signature_has_room_and_stays_with_the_name_below_it() -> None:
    block = '<table class="signatures"><tbody><tr class="space"><td></td></tr><tr><td>Nama</td></tr></tbody></table>'
    table = made(block).tables[0]
    assert round(table.rows[0].height.mm) == 25
    assert table.rows[1].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_a_table_in_a_cell_stays_there() -> None:
    (outer,) = made(f'<table class="grid"><tbody><tr><td>x{TABLE}</td></tr></tbody></table>').tables
    assert len(outer.rows[0].cells[0].tables) == 1
