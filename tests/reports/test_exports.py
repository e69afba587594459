"""The delivery log as a file: readable in a spreadsheet, harmless in a spreadsheet, stable for machines."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from publisher.delivery.models import Delivery
from publisher.reports.exports import COLUMNS, Table, deliveries_table, harmless, to_csv, to_json, to_xlsx
from tests.ward import fresh, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
KEYS = [
    "id", "campaign", "theme", "title", "version", "channel", "account", "action", "state", "due_at", "delivered_at",
    "approved_by", "permalink", "remote_id", "digest", "attempts", "cost", "last_error",
]  # fmt: skip
FORMULA = '=HYPERLINK("http://xau.example","Bấm")'


@pytest.fixture
def table(ward) -> Table:
    ward.delivered("page", title=FORMULA)
    ward.delivered("contracted")
    make_ward().delivered("page", title="Của đơn vị khác")
    return deliveries_table(Delivery.objects.filter(organisation=ward.organisation).order_by("pk"))


def test_the_keys_are_part_of_the_interface():
    assert list(COLUMNS) == KEYS


def test_a_csv_opens_in_a_spreadsheet_with_its_vietnamese(table):
    data = to_csv(table)
    assert data.startswith(b"\xef\xbb\xbf"), "without the mark a spreadsheet takes the letters for another alphabet"
    head, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head == list(COLUMNS.values())
    row = dict(zip(KEYS, first, strict=True))
    assert row["title"] == f"'{FORMULA}", "nothing a spreadsheet would run"
    assert (row["channel"], row["state"]) == ("Trang công khai", "đã đăng")
    assert row["due_at"].endswith("+07:00")
    assert dict(zip(KEYS, second, strict=True))["state"] == "đã giao người thực hiện"


def test_a_workbook_holds_the_same_and_no_formula(table):
    sheet = load_workbook(io.BytesIO(to_xlsx(table))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(COLUMNS.values())
    assert rows[1][3] == f"'{FORMULA}"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"


def test_json_keeps_every_value_as_it_is(table):
    answer = json.loads(to_json(table))
    assert set(answer) == {"name", "exported_at", "rows"}
    assert [list(row) for row in answer["rows"]] == [KEYS, KEYS]
    assert answer["rows"][0]["title"] == FORMULA
    assert answer["rows"][0]["approved_by"]
    assert isinstance(answer["rows"][0]["cost"], int)


@pytest.mark.parametrize("cell", ["=1+1", "+84900000000", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_run_is_kept_as_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Vệ sinh", "1=1", "", None, 0, -5])
def test_what_is_harmless_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_control_characters_of_a_pasted_text_do_not_break_the_workbook(ward):
    delivery = ward.delivered("page")
    Delivery.objects.filter(pk=delivery.pk).update(last_error="dòng một\x0bdòng hai\x07")
    sheet = load_workbook(io.BytesIO(to_xlsx(deliveries_table(Delivery.objects.all())))).active
    assert sheet.cell(2, KEYS.index("last_error") + 1).value == "dòng mộtdòng hai"


def test_an_export_asks_the_database_a_fixed_number_of_times(ward, django_assert_max_num_queries):
    for number in range(6):
        ward.one("page", title=f"Tin {number}")
    with django_assert_max_num_queries(4):
        assert len(deliveries_table(Delivery.objects.all()).rows) == 6


def test_nothing_secret_is_exported(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "code_190_463")
    assert fresh(ward.delivered("facebook")).last_error
    table = deliveries_table(Delivery.objects.all())
    for data in (to_csv(table), to_json(table)):
        assert b"sandbox-page-token" not in data
