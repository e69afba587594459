"""publisher site: everything made again from the records, and every file held against records and log."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from channels.feed import FILES
from channels.page.register import NAME
from publisher.delivery.models import Delivery

pytestmark = [pytest.mark.django_db]


def run(verb: str, ward, *words: str) -> str:
    out = io.StringIO()
    call_command("site", verb, "--organisation", ward.organisation.slug, *words, stdout=out)
    return out.getvalue()


def faults(ward) -> list[str]:
    out = io.StringIO()
    with pytest.raises(CommandError, match="KHÔNG khớp"):
        call_command("site", "verify", "--org", ward.organisation.slug, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["verified"] is False
    return [fault["what"] for fault in answer["faults"]]


@pytest.fixture
def delivery(ward) -> Delivery:
    delivered = ward.delivered("page")
    run("rebuild", ward)
    return delivered


def test_a_site_made_again_agrees_with_its_records_and_the_log(ward, delivery):
    assert "1 bài" in run("rebuild", ward)
    assert json.loads(run("rebuild", ward, "--json")) == {"organisation": ward.organisation.slug, "articles": 1}
    assert "khớp với các bài đã duyệt và với nhật ký" in run("verify", ward)
    assert json.loads(run("verify", ward, "--json"))["verified"] is True


def test_a_site_that_lost_everything_but_its_records_is_made_again(ward, delivery):
    for path in ward.site.rglob("*.html"):
        path.unlink()
    (ward.site / NAME).unlink()
    run("rebuild", ward)
    assert "khớp" in run("verify", ward)


def test_feeds_are_made_again_with_the_site(ward):
    ward.delivered("feed")
    feeds = {path: path.read_bytes() for path in ward.site.rglob("*.xml") if path.name in FILES}
    assert len(feeds) == 4
    for path in feeds:
        path.unlink()
    run("rebuild", ward)
    assert {path: path.read_bytes() for path in feeds} == feeds


def test_a_page_changed_behind_our_back_is_found_and_mended(ward, delivery):
    page = ward.site / delivery.remote_id / "index.html"
    page.write_bytes(page.read_bytes() + b"<!-- -->")
    assert faults(ward) == ["Trang bài không còn đúng như đã ghi."]
    run("rebuild", ward)
    assert "khớp" in run("verify", ward)


def test_an_article_the_log_knows_and_the_disk_does_not_is_told(ward, delivery):
    (ward.site / delivery.remote_id / "bai.json").unlink()
    assert any("trên đĩa không có bài" in what for what in faults(ward))


def test_a_record_that_bears_another_payload_than_the_log_is_told(ward, delivery):
    Delivery.objects.filter(pk=delivery.pk).update(digest="0" * 64)
    (what,) = faults(ward)
    assert "với đúng nội dung đã duyệt" in what


def test_an_unknown_organisation_is_told_by_name():
    with pytest.raises(CommandError, match="Không có đơn vị “khong-co”"):
        call_command("site", "verify", "--organisation", "khong-co")
