"""The commands an office runs by hand: plan, campaign, audit, budget."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from campaigns.models import Campaign, Plan
from publisher.budget.models import BudgetLine
from publisher.delivery.models import Delivery
from tests.ward import make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_reading_a_plan_prints_what_was_understood_and_stores_nothing():
    answer = json.loads(run("plan", "read", str(SAMPLE), "--json"))
    assert answer["is_plan"] is True
    assert answer["themes"]
    words = run("plan", "read", str(SAMPLE))
    assert answer["number"] in words
    assert "Nội dung tuyên truyền" in words
    assert not Plan.objects.exists()


def test_importing_a_plan_says_what_it_made(ward):
    answer = json.loads(run("plan", "import", str(SAMPLE), "--json"))
    assert answer["created"] is True
    assert Path(answer["definitions"]).is_file()
    assert answer["campaigns"] == Campaign.objects.filter(plan=answer["plan"]).count()
    again = json.loads(run("plan", "import", str(SAMPLE), "--json", "--org", ward.organisation.slug))
    assert (again["created"], again["plan"]) == (False, answer["plan"])


def test_an_import_is_told_in_words_of_an_office(ward):
    words = run("plan", "import", str(SAMPLE))
    assert "Số, ký hiệu: 18/KH-UBND" in words
    assert "Mới nhập lần này: có" in words
    assert "Chiến dịch nháp: 4" in words
    assert "created" not in words
    assert "Mới nhập lần này: không, tệp này đã nhập trước đây" in run("plan", "import", str(SAMPLE))


def test_the_format_of_definitions_is_printed_as_a_schema_and_the_page_in_docs_is_the_same():
    printed = run("campaign", "schema")
    assert json.loads(printed)["$defs"]["CampaignDefinition"]["required"] == ["code", "title"]
    kept = Path(__file__).parents[2] / "docs" / "campaign-definition.schema.json"
    assert kept.read_text() == printed, (
        "write it again: publisher campaign schema > docs/campaign-definition.schema.json"
    )


def test_what_a_reading_holds_is_printed_as_a_schema_and_the_page_in_docs_is_the_same():
    printed = run("plan", "schema")
    jsonschema.validate(json.loads(run("plan", "read", str(SAMPLE), "--json")), json.loads(printed))
    kept = Path(__file__).parents[2] / "docs" / "plan-reading.schema.json"
    assert kept.read_text() == printed, "write it again: publisher plan schema > docs/plan-reading.schema.json"


def test_with_several_organisations_one_must_be_named(ward):
    make_ward()
    with pytest.raises(CommandError, match="--org"):
        run("plan", "import", str(SAMPLE))
    with pytest.raises(CommandError, match=r"Không có đơn vị “ai-do”\. Các đơn vị: .*song-vang"):
        run("plan", "import", str(SAMPLE), "--org", "ai-do")
    assert Plan.objects.count() == 2  # those the wards were made with


def test_campaigns_go_out_as_a_file_and_come_back_unchanged(ward, tmp_path):
    run("plan", "import", str(SAMPLE))
    file = tmp_path / "chien-dich.yaml"
    assert "Đã ghi" in run("campaign", "export", "-o", str(file))
    number = Campaign.objects.count()
    assert f"Tạo mới 0, đổi 0, giữ nguyên {number}" in run("campaign", "load", str(file))
    assert run("campaign", "export") == file.read_text()


def test_the_delivery_log_goes_out_in_three_forms(ward, tmp_path):
    ward.delivered("page")
    for form, start in {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "json": b"{"}.items():
        file = tmp_path / f"nhat-ky.{form}"
        assert "Đã ghi 1 lượt đăng" in run("audit", "export", "--format", form, "-o", str(file))
        assert file.read_bytes().startswith(start)


def test_a_ledger_that_agrees_is_proved_and_one_that_does_not_ends_with_an_error(ward):
    ward.account("contracted", rate=1_000_000, budget_line=ward.line)
    ward.one("contracted")
    assert "Sổ chi khớp: 1 bút toán" in run("budget", "verify")
    assert json.loads(run("budget", "verify", "--json")) == {"verified": True, "lines": 1, "entries": 1, "findings": []}
    BudgetLine.objects.update(committed=F("committed") - 1)
    with pytest.raises(CommandError, match="1 chỗ lệch"):
        run("budget", "verify")


def test_an_empty_log_verifies(db):
    answer = json.loads(run("audit", "verify", "--json"))
    assert answer == {"verified": True, "events": 0, "seals": 0, "head": None, "findings": []}


def test_a_delivery_changed_behind_the_log_ends_with_an_error(ward):
    delivery = ward.delivered("page")
    Delivery.objects.filter(pk=delivery.pk).update(state="failed")
    with pytest.raises(CommandError, match="KHÔNG nguyên vẹn"):
        run("audit", "verify")
