"""The whole way, shown: a plan is read, campaigns derived, posts written, approved and published on every channel of
the sandbox, airings confirmed, work accepted, log and ledger verified. Real servers, real HTTP, a database of its own.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaigns.headlines import BLANK
from campaigns.models import Campaign, Post, Theme
from channels.contract import Proof
from channels.reach import allow
from channels.sandbox import Sandbox
from publisher.approval.drafting import edit_post, set_schedule
from publisher.approval.review import approve, submit, unreadable
from publisher.budget.ledger import summary
from publisher.budget.models import BudgetLine, LedgerEntry
from publisher.config import config
from publisher.delivery.accounts import channel_of
from publisher.delivery.broker import worker
from publisher.delivery.clock import Clock
from publisher.delivery.desk import confirm
from publisher.delivery.models import Account, Delivery
from publisher.delivery.shaping import shape_post
from publisher.delivery.states import State
from publisher.events.models import Event, Seal
from publisher.events.seal import seal_log
from publisher.intake.plans import Imported
from publisher.people.models import Organisation
from publisher.people.rights import Role
from publisher.reports.verification import verify_audit, verify_budget
from publisher.samples.ward import bring_plan, bring_posts, make_ward, person_of
from publisher.serving import Web

PATIENCE = 300.0  # seconds after which something must be stuck
SETTLED = [State.DELIVERED, State.FAILED, State.CANCELLED, State.MISSED]


class NothingToPublish(Exception):
    """The plan was read, but no theme was found in it."""


def demonstrate(plan: Path | None, say: Any = lambda words: None) -> dict[str, Any]:
    """Runs it and returns the counts; `ok` is true only when everything is delivered and everything verifies."""
    started = time.monotonic()
    allow(["127.0.0.1"])
    call_command("migrate", verbosity=0, interactive=False)
    with Sandbox(config.var_dir / "sandbox") as sandbox, everything_running():
        organisation = make_ward(sandbox.url)
        wait_for_nothing(organisation)
        imported = bring_plan(organisation, plan)
        if plan is None:
            bring_posts(imported)
        if not imported.posts:
            raise NothingToPublish("Kế hoạch không có nội dung tuyên truyền nào đọc được: không có gì để chạy thử.")
        say(f"Đã đọc kế hoạch: {len(imported.campaigns)} chiến dịch, {len(imported.posts)} bài.")
        unread = publish_all(imported)
        wait_until_settled(started, say)
    return {**counts(organisation, imported, time.monotonic() - started), "unread": unread}


def wait_for_nothing(organisation: Organisation) -> None:
    """The demonstration waits neither for the morning nor for the next bulletin: all is due when it is approved."""
    for account in Account.objects.filter(organisation=organisation):
        account.quiet_from = account.quiet_until = None
        account.pace_per_minute = 0
        account.settings = {name: value for name, value in account.settings.items() if name != "sessions"}
        account.save(update_fields=["quiet_from", "quiet_until", "pace_per_minute", "settings"])


@contextmanager
def everything_running() -> Iterator[None]:
    """Web, clock and worker of this process, as `publisher run` has them."""
    web, clock, sender = Web(), Clock(), worker()
    threads = [threading.Thread(target=part.run, daemon=True) for part in (web, clock)]
    sender.start()
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        clock.stop()
        threads[1].join(10)
        sender.stop()
        web.stop()
        connection.close()


def publish_all(imported: Imported) -> list[dict[str, Any]]:
    """Every draft is finished as an officer would, submitted, and approved by somebody else.

    Returns the posts with words that no loudspeaker can read, which only a person can write out: they go without it.
    """
    officer, approver = person_of(Role.OFFICER), person_of(Role.APPROVER)
    unread = []
    for post in Post.objects.filter(campaign__plan=imported.plan).order_by("pk"):
        finished = finish(post)
        if words := leave_unreadable(finished):
            unread.append({"post": finished.title, "words": words})
        version = submit(finished, by=officer)
        approve(version, by=approver, digest=version.digest)
    return unread


def leave_unreadable(post: Post) -> list[str]:
    """Takes the accounts off that cannot read all of it; the words they cannot read."""
    silent = [one for one in shape_post(post) if unreadable(one)]
    if silent:
        kept = [one for one in post.accounts.all() if one not in [other.account for other in silent]]
        edit_post(post, {"accounts": kept}, by=person_of(Role.OFFICER), revision=post.revision)
    return sorted({word for one in silent if one.payload for word in one.payload.body["unread"]})


def finish(post: Post) -> Post:
    """Fills what a draft leaves open, confirms its words, sends it to every account, now."""
    officer = person_of(Role.OFFICER)
    fields: dict[str, Any] = {"accounts": affordable(post)}
    if BLANK in post.body:
        kept = "\n".join(line for line in post.body.splitlines() if BLANK not in line)
        fields["body"] = f"{kept}\n\nNgười dân cần hỏi thêm, xin liên hệ Bộ phận Một cửa của phường trong giờ làm việc."
    if post.unconfirmed:
        fields["unconfirmed"] = False
    edited = edit_post(post, fields, by=officer, revision=post.revision)
    set_schedule(edited, by=officer, starts_at=timezone.now())
    return edited


def affordable(post: Post) -> list[Account]:
    """Every account, but paid ones only while the campaign's line can pay them."""
    left = BudgetLine.objects.get(pk=post.campaign.budget_line_id).left or 0
    return [account for account in Account.objects.filter(organisation=post.organisation) if account.rate <= left]


def wait_until_settled(started: float, say: Any) -> None:
    """The operator confirms airings and the officer accepts work as they are handed over."""
    officer = person_of(Role.OFFICER)
    while open_count() and time.monotonic() - started < PATIENCE:
        for delivery in Delivery.objects.filter(state=State.HANDED_OVER).select_related("account", "organisation"):
            close_by_hand(delivery, officer)
        say(f"Còn {open_count()} lượt.")
        time.sleep(0.3)
    seal_log()


def open_count() -> int:
    return Delivery.objects.exclude(state__in=SETTLED).count()


def close_by_hand(delivery: Delivery, officer: Any) -> None:
    if channel_of(delivery.account).needs_acceptance:
        minutes = Proof("minutes", "Biên bản nghiệm thu (chạy thử)", f"NT-{delivery.pk}")
        confirm(delivery, by=officer, note="Đã nghiệm thu.", proofs=[minutes])
    else:
        confirm(delivery, by=officer, note="Đã phát đủ.", heard=True)  # here nobody waits for the hour of a session


def counts(organisation: Organisation, imported: Imported, seconds: float) -> dict[str, Any]:
    deliveries = Delivery.objects.filter(organisation=organisation)
    states = Counter(deliveries.values_list("state", flat=True))
    money = summary(organisation, imported.plan)
    audit, budget = verify_audit(), verify_budget()
    all_delivered = bool(deliveries) and set(states) == {str(State.DELIVERED)}
    return {
        "plan": {"file": imported.plan.source_name, "number": imported.plan.number or None},
        "themes": Theme.objects.filter(plan=imported.plan, parent=None).count(),
        "topics": Theme.objects.filter(plan=imported.plan).exclude(parent=None).count(),
        "campaigns": Campaign.objects.filter(plan=imported.plan).count(),
        "posts": Post.objects.filter(campaign__plan=imported.plan).count(),
        "deliveries": {
            "total": deliveries.count(),
            "by_state": dict(states),
            "by_channel": by_channel(organisation),
            "failures": failures(organisation),
        },
        "ledger": {
            "planned": money.planned,
            "committed": money.committed,
            "spent": money.spent,
            "left": money.left,
            "entries": LedgerEntry.objects.filter(line__organisation=organisation).count(),
        },
        "audit": {
            "verified": not audit,
            "events": Event.objects.count(),
            "seals": Seal.objects.count(),
            "findings": [finding.message for finding in audit],
        },
        "budget": {"verified": not budget, "findings": [finding.message for finding in budget]},
        "seconds": round(seconds, 1),
        "ok": all_delivered and not audit and not budget,
    }


def failures(organisation: Organisation) -> list[dict[str, str]]:
    """What did not go out, and why."""
    rows = Delivery.objects.filter(organisation=organisation).exclude(state=State.DELIVERED).order_by("pk")
    return [
        {"channel": row.account.kind, "state": row.state, "post": row.version.title, "error": row.last_error}
        for row in rows.select_related("account", "version")
    ]


def by_channel(organisation: Organisation) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = Delivery.objects.filter(organisation=organisation).values_list("account__kind", "state")
    for (kind, state), number in Counter(rows).items():
        found.setdefault(kind, {})[state] = number
    return found
