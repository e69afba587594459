"""The verdict catches what it is there for: each way to break a promise, put into an office where all went well."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.facts import Act, Facts
from tests.chaos.places import place
from tests.chaos.standing import canonical, read
from tests.chaos.verdict import Verdict, letter_mark

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW = {"message": "Thu rác lúc 7 giờ."}, {"message": "Thu rác lúc 8 giờ."}


def delivery(number: int, **columns: Any) -> dict[str, Any]:
    given = {
        "id": number, "ref": f"ref-{number}", "action": "publish", "of_id": None, "state": "delivered",
        "digest": canonical("facebook", OLD), "version_id": 1, "account_id": 1, "remote_id": "1_1", "due_at": NOON,
        "cost": 0, "budget_line_id": None, "last_error": "", "attempts_made": 1, "kind": "facebook", "slug": "phuong",
    }  # fmt: skip
    return given | columns


def resting(row: dict[str, Any], **columns: Any) -> dict[str, Any]:
    nothing = (
        "review_since",
        "held_at",
        "before_state",
        "before_review_since",
        "before_held_at",
        "before_words",
        "engine_held",
    )
    given = dict.fromkeys(nothing) | {"review_why": "", "held_reason": "", "next_try_at": NOON}
    return given | {name: row[name] for name in ("id", "state", "action", "last_error", "kind")} | columns


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """One post published on Facebook and then corrected; it cost 500 đồng."""
    first = delivery(1, state="corrected", cost=500, budget_line_id=1)
    second = delivery(2, action="correct", of_id=1, version_id=2, digest=canonical("facebook", NEW))
    versions = ((1, OLD), (2, NEW))
    tables = {
        "deliveries": [first, second],
        "renderings": [
            {"version_id": v, "account_id": 1, "kind": "facebook", "body": body, "digest": canonical("facebook", body)}
            for v, body in versions
        ],
        "versions": [{"id": v, "post_id": 1, "ref": "bai1"} for v, _ in versions],
        "approvals": [{"version_id": v, "decision": "approved", "at": NOON} for v, _ in versions],
        "attempts": [{"delivery_id": 1, "number": 1, "ended_at": NOON, "outcome": "delivered", "error_class": ""}],
        "events": [],
        "copies": [],
        "holds": [],
        "entries": [{"line_id": 1, "delivery_id": 1, "kind": kind, "amount": 500} for kind in ("reserve", "confirm")],
        "lines": [{"id": 1, "committed": 0, "spent": 500, "amount": 1000}],
    }
    later = (NOON + timedelta(minutes=1)).timestamp()
    record = [
        Act("facebook", "published", "1_1", later, OLD),
        Act("facebook", "edited", "1_1", later, NEW),
    ]
    return Facts([resting(first), resting(second)], tables, record, tmp_path / "site", tmp_path / "desk")


def rules(facts: Facts) -> set[str]:
    return {finding.rule for finding in Verdict(facts, read(facts)).findings}


def test_all_is_well_where_all_went_well(facts: Facts) -> None:
    assert Verdict(facts, read(facts)).findings == []


def posted_twice(facts: Facts) -> None:
    facts.record.append(replace(facts.record[0], object="1_2"))


def never_posted(facts: Facts) -> None:
    facts.record.clear()


def unapproved_words(facts: Facts) -> None:
    facts.record.append(Act("facebook", "published", "1_3", facts.record[0].at, {"message": "Ai viết?"}))


def edited_to_other_words(facts: Facts) -> None:
    facts.record.append(replace(facts.record[1], content={"message": "Ai sửa?"}))


def before_approval(facts: Facts) -> None:
    facts.record[0] = replace(facts.record[0], at=(NOON - timedelta(minutes=1)).timestamp())


def correction_without_effect(facts: Facts) -> None:
    del facts.record[1]


def taken_down_unasked(facts: Facts) -> None:
    facts.record.append(Act("facebook", "deleted", "1_1", facts.record[0].at))


def still_standing(facts: Facts) -> None:
    withdrawal = delivery(3, action="withdraw", of_id=2, version_id=2)
    facts.deliveries.append(withdrawal)
    facts.places.append(resting(withdrawal))


def cancelled_but_posted(facts: Facts) -> None:
    facts.deliveries[:] = [delivery(1, state="cancelled")]
    facts.tables["entries"].clear()
    facts.lines[0]["spent"] = 0


def stuck(facts: Facts) -> None:
    facts.places[0]["state"] = "sending"


def silent_failure(facts: Facts) -> None:
    facts.places[0]["state"] = "failed"


def paid_twice(facts: Facts) -> None:
    facts.entries.append(dict(facts.entries[1]))


def wrong_total(facts: Facts) -> None:
    facts.lines[0]["committed"] = 500


def other_words_frozen(facts: Facts) -> None:
    facts.renderings[0]["body"] = {"message": "Sửa trong cơ sở dữ liệu."}


def held_for_nothing(facts: Facts) -> None:
    facts.holds.append({"id": 1, "reason": "Khôi phục từ bản sao lưu."})


def attempt_left_open(facts: Facts) -> None:
    facts.attempts[0]["ended_at"] = None


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (posted_twice, "twice"),
        (never_posted, "lost"),
        (unapproved_words, "unapproved"),
        (edited_to_other_words, "unapproved"),
        (before_approval, "unapproved"),
        (correction_without_effect, "effect"),
        (taken_down_unasked, "effect"),
        (still_standing, "effect"),
        (cancelled_but_posted, "cancelled"),
        (stuck, "lost"),
        (silent_failure, "lost"),
        (paid_twice, "money"),
        (wrong_total, "money"),
        (other_words_frozen, "unapproved"),
        (attempt_left_open, "open"),
        (held_for_nothing, "held"),
    ],
)
def test_a_broken_promise_is_found(facts: Facts, broken: Callable[[Facts], None], rule: str) -> None:
    broken(facts)
    assert rule in rules(facts)


def heard(facts: Facts, number: str, action: str, body: dict[str, Any], **head: Any) -> None:
    told = {"id": number, "action": action, "published_at": NOON.isoformat(), **head, **body}
    at = (NOON + timedelta(minutes=len(facts.record) + 1)).timestamp()
    facts.record.append(Act("webhook", "webhook", number, at, {"body": json.dumps(told)}))


def test_a_webhook_heard_twice_counts_once_and_its_correction_counts_for_it(facts: Facts) -> None:
    first, second = (canonical("webhook", body) for body in (OLD, NEW))
    for row, digest in zip(facts.deliveries, (first, second), strict=True):
        row |= {"kind": "webhook", "digest": digest}
    for row in facts.renderings:
        row |= {"kind": "webhook", "digest": canonical("webhook", row["body"])}
    facts.record.clear()
    for _ in range(2):
        heard(facts, "ref-1", "publish", OLD)
    assert rules(facts) == {"effect"}
    heard(facts, "ref-2", "correct", NEW, of="ref-1")
    assert rules(facts) == set()
    heard(facts, "ref-3", "publish", OLD)
    assert rules(facts) == {"unapproved"}, "nobody ordered that one"


def issue(facts: Facts, state: str, *letters: str) -> None:
    """A newsletter to reader 9, and what came to lie in the mailbox."""
    body = {"text": "Thu rác lúc 7 giờ."}
    sent = delivery(7, kind="email", digest=canonical("email", body), account_id=5)
    facts.deliveries.append(sent)
    facts.places.append(resting(sent))
    row = {"version_id": 1, "account_id": 5, "kind": "email", "body": body, "digest": sent["digest"]}
    facts.renderings.append(row)
    facts.copies.append({"delivery_id": 7, "subscriber_id": 9, "state": state})
    mark = letter_mark("ref-7", 9)
    facts.record.extend(Act("email", "mail", f"<{mark}@phuong.example>", 0, {"text": text}) for text in letters)


@pytest.mark.parametrize(
    ("state", "letters", "found"),
    [
        ("sent", ["Kính gửi.\n\nThu rác lúc\n7 giờ."], set()),
        ("unknown", [], set()),
        ("unknown", ["Thu rác lúc 7 giờ."], set()),
        ("sent", [], {"lost"}),
        ("sent", ["Thu rác lúc 7 giờ.", "Thu rác lúc 7 giờ."], {"twice"}),
        ("waiting", [], {"lost"}),
        ("sent", ["Ai viết?"], {"unapproved"}),
    ],
)
def test_each_reader_has_one_letter_with_the_approved_words(
    facts: Facts, state: str, letters: list[str], found: set[str]
) -> None:
    issue(facts, state, *letters)
    assert rules(facts) == found


def page(root: Path, digest: str, **record: Any) -> Path:
    """An article as the site holds it."""
    import hashlib

    folder = root / "bai" / "thu-rac-bai1"
    folder.mkdir(parents=True)
    data = b"<html><p>Thu r\xc3\xa1c</p></html>\n"
    (folder / "index.html").write_bytes(data)
    marks = [{"ref": "ref-1", "digest": digest, "at": NOON.isoformat(), "sha256": ""}]
    told = {"path": "bai/thu-rac-bai1/", "withdrawn": "", "body": OLD, "deliveries": marks}
    (folder / "bai.json").write_text(json.dumps(told | {"page_sha256": hashlib.sha256(data).hexdigest()} | record))
    (root / "sitemap.xml").write_text(
        "<sitemapindex><sitemap><loc>http://a/sitemap-1.xml</loc></sitemap></sitemapindex>"
    )
    (root / "sitemap-1.xml").write_text("<urlset><url><loc>http://a/bai/thu-rac-bai1/</loc></url></urlset>")
    return folder


@pytest.fixture
def site(facts: Facts) -> Path:
    """The same post on the public page, where nothing was corrected."""
    digest = canonical("page", OLD)
    facts.deliveries[:] = [delivery(1, kind="page", digest=digest, account_id=2)]
    facts.renderings.append({"version_id": 1, "account_id": 2, "kind": "page", "body": OLD, "digest": digest})
    facts.places[:] = [resting(facts.deliveries[0])]
    facts.record.clear()
    facts.tables["entries"].clear()
    facts.lines[0]["spent"] = 0
    return page(facts.site / "phuong", digest)


def test_a_whole_page_that_is_listed_once_is_well(facts: Facts, site: Path) -> None:
    assert rules(facts) == set()


@pytest.mark.parametrize("half", ["index.html", "bai.json"])
def test_half_a_file_is_found(facts: Facts, site: Path, half: str) -> None:
    data = (site / half).read_bytes()
    (site / half).write_bytes(data[: len(data) // 2])
    assert "torn" in rules(facts)


def test_an_article_that_no_list_knows_is_found(facts: Facts, site: Path) -> None:
    (site.parent.parent / "sitemap-1.xml").write_text("<urlset></urlset>")
    assert "torn" in rules(facts)


def test_a_page_that_is_gone_is_found(facts: Facts, site: Path) -> None:
    (site / "index.html").unlink()
    (site / "bai.json").unlink()
    assert "lost" in rules(facts)


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({"state": "delivered"}, "final"),
        ({"state": "failed", "last_error": "Trang bị khóa."}, "final"),
        ({"state": "handed_over"}, "handed over"),
        ({"state": "unknown"}, ""),
        ({"state": "unknown", "review_since": NOON, "review_why": "Cần người xem."}, "unknown"),
        ({"state": "scheduled"}, ""),
        ({"state": "scheduled", "review_since": NOON, "review_why": "Tạm dừng."}, "to review"),
        ({"state": "scheduled", "review_since": NOON}, ""),
        ({"state": "scheduled", "engine_held": "Khôi phục."}, "everything held"),
        ({"state": "scheduled", "held_at": NOON, "held_reason": "Hết hạn."}, "account held"),
        ({"state": "scheduled", "before_state": "scheduled", "before_held_at": NOON}, "behind a page on a list"),
        ({"state": "scheduled", "before_state": "delivered", "before_held_at": NOON}, ""),
        ({"state": "sending", "review_since": NOON, "review_why": "Tạm dừng."}, ""),
    ],
)
def test_a_delivery_rests_only_where_somebody_finds_it_with_a_reason(columns: dict[str, Any], where: str) -> None:
    assert place(resting(delivery(1), **columns)) == where
