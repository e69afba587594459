"""The public site as files: what is public, what is not, and only what changed is sent again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.ward import Ward, make_ward

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def base(ward: Ward) -> str:
    ward.delivered("feed")
    return f"/trang/{ward.organisation.slug}/"


def get(path: str, **headers: str):
    return Client(headers=headers).get(path)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
    ],
)
def test_pages_and_feeds_are_served_with_their_types(base, path, media_type):
    answer = get(base + path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == media_type
    assert body(answer)


def test_an_article_is_served_at_the_address_of_its_delivery(ward, base):
    delivery = ward.delivered("page", title="Tin thứ hai")
    path = delivery.permalink.removeprefix("http://127.0.0.1:8000")
    assert "Tin thứ hai" in body(get(path)).decode()


def test_what_did_not_change_is_not_sent_again(ward, base):
    first = get(base)
    again = get(base, if_none_match=first["ETag"])
    assert (again.status_code, body(again)) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert get(base, if_none_match='"other", ' + first["ETag"]).status_code == 304
    ward.delivered("page", title="Tin mới")
    changed = get(base, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_head_gives_the_same_headers_and_only_reading_is_allowed(base):
    assert Client().head(base)["ETag"] == get(base)["ETag"]
    assert Client().post(base).status_code == 405
    assert Client().delete(base).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        ".lock", "bai/.lock", ".part", "feed/", "feed/x.json", "%2e%2e/", "../", "..%2f..%2fpublisher.sqlite3",
        "bai/../../../publisher.sqlite3", "/etc/passwd", "%00", "a\\..\\b", "x" * 400, "bai/" + "y" * 300 + "/",
        "khong-co", "index.html/x",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_found(base, path):
    assert get(base + path).status_code == 404


def test_the_record_behind_an_article_is_hidden(ward, base):
    records = list(ward.site.rglob("bai.json"))
    assert records
    for record in records:
        assert get(base + str(record.relative_to(ward.site))).status_code == 404


def test_the_sites_own_page_answers_for_what_is_not_there(base):
    answer = get(base + "khong-co/")
    assert answer.status_code == 404
    assert "phường Sông Vàng" in body(answer).decode()


def test_one_organisation_does_not_serve_anothers_files(ward, base):
    other = make_ward()
    other.delivered("page", title="Của đơn vị khác")
    theirs = next(other.site.glob("bai/*/index.html")).relative_to(other.site)
    assert get(f"/trang/{other.organisation.slug}/{theirs}").status_code == 200
    assert get(f"{base}{theirs}").status_code == 404
    assert get(f"{base}../{other.organisation.slug}/{theirs}").status_code == 404


def test_a_link_out_of_the_site_leads_nowhere(ward, base):
    secret = Path(settings.SITE_ROOT).parent / f"bi-mat-{ward.organisation.slug}.txt"
    secret.write_text("bí mật")
    (ward.site / "lien-ket.txt").symlink_to(secret)
    assert get(base + "lien-ket.txt").status_code == 404


def test_an_organisation_nobody_knows_has_no_site():
    assert get("/trang/khong-co-don-vi/").status_code == 404


def test_a_part_of_a_file_is_given_only_of_the_version_it_was_asked_of(ward, base):
    whole = body(get(base + "rss.xml"))
    part = get(base + "rss.xml", range="bytes=10-19")
    assert (part.status_code, body(part), part["Content-Range"]) == (206, whole[10:20], f"bytes 10-19/{len(whole)}")
    same = get(base + "rss.xml", range="bytes=10-19", if_range=part["ETag"])
    other = get(base + "rss.xml", range="bytes=10-19", if_range='"an older one"')
    assert (same.status_code, other.status_code, body(other)) == (206, 200, whole)
    assert get(base + "rss.xml", range=f"bytes={len(whole)}-").status_code == 416
