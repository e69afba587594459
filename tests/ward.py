"""An invented ward to test with: its people, its accounts on a real sandbox, its posts, and a clock turned by hand."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from PIL import Image

from campaigns.models import Campaign, LateRule, Plan, Post, PostPicture, PostVersion, Theme
from channels.sandbox import Sandbox
from publisher.approval.drafting import edit_post, keep_picture, new_post, set_schedule
from publisher.approval.review import approve, submit
from publisher.budget.ledger import count_up
from publisher.budget.models import BudgetLine
from publisher.delivery.accounts import set_secrets
from publisher.delivery.asking import ask
from publisher.delivery.claim import claim_due, claim_questions
from publisher.delivery.clock import lift_expired_holds
from publisher.delivery.deciding import drop_orphans, hold_for_review, miss_late, put_off_for_quiet, recover
from publisher.delivery.models import Account, Delivery
from publisher.delivery.sending import deliver
from publisher.events.seal import anchor_path
from publisher.people.models import Member, Organisation, Person
from publisher.people.rights import Role

TITLE = "Lịch thu gom rác thải cồng kềnh tháng 12"
BODY = "Người dân mang rác cồng kềnh ra **nhà văn hóa tổ 5** trước 7 giờ sáng thứ bảy.\n\n- Tủ, đệm cũ\n- Đồ điện"
LATER = timedelta(minutes=5)  # longer than any wait between two looks
DECLARED = {"source": "UBND phường Sông Vàng", "people": "none"}  # what must be said of a picture before it is used
_numbers = count(1)


@dataclass
class Ward:
    """One organisation of its own for one test; its files lie under a slug nobody else has."""

    organisation: Organisation
    officer: Person
    approver: Person
    admin: Person
    campaign: Campaign
    plan: Plan
    line: BudgetLine
    accounts: dict[str, Account] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        return Path(settings.SITE_ROOT) / self.organisation.slug

    def desk(self, kind: str) -> Path:
        return Path(settings.DESK_ROOT) / self.organisation.slug / f"{kind}-{self.accounts[kind].pk}"

    def account(self, kind: str, **changed: Any) -> Account:
        """The ward's account of that kind, made at first asking; `changed` sets its columns."""
        if kind not in self.accounts:
            self.accounts[kind] = Account.objects.create(
                organisation=self.organisation,
                kind=kind,
                name=f"{kind} thử",
                pace_per_minute=0,
                settings=SETTINGS.get(kind, {}),
            )
        account = self.accounts[kind]
        if changed:
            Account.objects.filter(pk=account.pk).update(**changed)
            account.refresh_from_db()
        return account

    def connect(self, sandbox: Sandbox) -> None:
        """Points Facebook and Zalo at the sandbox, which believes in pictures it cannot fetch."""
        sandbox.turn("fetch_pictures", 0)
        for kind, given in sandbox.accounts.items():
            account = self.account(kind, settings=given["settings"])
            set_secrets(account, given["secrets"], by=self.admin)

    def post(self, *kinds: str, **fields: Any) -> Post:
        """A draft that could be submitted, on the accounts of these kinds."""
        words = {
            "title": TITLE,
            "lead": "UBND phường thông báo.",
            "body": BODY,
            "footer": "Đường dây nóng: 0200 555 0118",
        }
        chosen = [self.account(kind) for kind in kinds]
        post = new_post(self.campaign, by=self.officer, accounts=chosen, **{**words, **fields})
        kept = keep_picture(post, picture(), "Xe thu gom rác", self.officer, "", **DECLARED)
        PostPicture.objects.create(post=post, asset=kept)
        return post  # its own picture spares drawing a title card

    def submitted(self, *kinds: str, due: datetime | None = None, rule: str = "", **fields: Any) -> PostVersion:
        post = self.post(*kinds, **fields)
        if due is not None:
            set_schedule(post, by=self.officer, starts_at=due, rule=rule)
        return submit(post, by=self.officer)

    def approved(self, *kinds: str, due: datetime | None = None, rule: str = "", **fields: Any) -> list[Delivery]:
        """Deliveries of a new approved post, in order of time and account; due now unless told otherwise."""
        version = self.submitted(*kinds, due=due, rule=rule, **fields)
        return approve(version, by=self.approver, digest=version.digest)

    def one(self, kind: str, **fields: Any) -> Delivery:
        """One delivery of that kind, due now; where it needs the public page, the page stands already."""
        kinds = ["page", kind] if kind in {"feed", "zalo"} else [kind]
        made = {delivery.account.kind: delivery for delivery in self.approved(*kinds, **fields)}
        if "page" in made and kind != "page":
            deliver(*queued(made["page"]))
        Delivery.objects.filter(pk=made[kind].pk).update(next_try_at=timezone.now())
        return fresh(made[kind])

    def delivered(self, kind: str, **fields: Any) -> Delivery:
        """`one`, after the clock's next round."""
        delivery = self.one(kind, **fields)
        turn()
        return fresh(delivery)

    def reworded(self, post: Post, **fields: Any) -> list[Delivery]:
        """Edits a post, submits and approves it again: corrections and new deliveries."""
        fresh = Post.objects.get(pk=post.pk)
        fresh = edit_post(
            fresh, fields or {"body": BODY + "\n\nĐổi giờ: 8 giờ."}, by=self.officer, revision=fresh.revision
        )
        version = submit(fresh, by=self.officer)
        return approve(version, by=self.approver, digest=version.digest)


SETTINGS = {
    "loudspeaker": {"station": "Đài truyền thanh phường Sông Vàng", "sessions": "07:30, 16:30"},
    "contracted": {"partner": "Báo Lạc An Ngày Nay", "what": "bài báo"},
}


def make_ward() -> Ward:
    anchor_path().unlink(missing_ok=True)  # the seals of another test's database
    number = next(_numbers)
    slug = f"song-vang-{number}-{uuid4().hex[:6]}"
    organisation = Organisation.objects.create(
        slug=slug, name="Ủy ban nhân dân phường Sông Vàng", short_name="UBND phường Sông Vàng", hotline="0200 555 0118"
    )
    officer, approver, admin = (person(organisation, role) for role in (Role.OFFICER, Role.APPROVER, Role.ADMIN))
    plan = Plan.objects.create(
        organisation=organisation, number="18/KH-UBND", title="Tuyên truyền", year=2026,
        source_name="ke-hoach.md", source_sha256=uuid4().hex * 2, reading={"warnings": []},
    )  # fmt: skip
    Theme.objects.create(plan=plan, order=1, path="1", label="1", title="Giữ gìn vệ sinh môi trường")
    line = BudgetLine.objects.create(
        organisation=organisation, plan=plan, order=1, label="1", name="Báo chí", amount=10_000_000
    )
    campaign = Campaign.objects.create(
        organisation=organisation, plan=plan, code="moi-truong", title="Vệ sinh môi trường",
        channels=["page", "feed"], ends_on=timezone.localdate() + timedelta(days=400),
    )  # fmt: skip
    return Ward(organisation, officer, approver, admin, campaign, plan, line)


def person(organisation: Organisation, *roles: Role, name: str = "") -> Person:
    """Somebody with these roles; cannot sign in."""
    username = f"{roles[0] if roles else 'nobody'}-{uuid4().hex[:8]}"
    made = Person.objects.create(username=username, full_name=name or username)
    for role in roles:
        Member.objects.create(person=made, organisation=organisation, role=role)
    return made


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("account__organisation", "organisation", "version__post").get(pk=delivery.pk)


def states(*deliveries: Delivery) -> list[str]:
    return [Delivery.objects.values_list("state", flat=True).get(pk=d.pk) for d in deliveries]


def turn(now: datetime | None = None) -> int:
    """One round of the clock with its messages carried out at once, in this thread; how many there were."""
    now = now or timezone.now()
    recover(now)
    lift_expired_holds(now)
    hold_for_review(now)
    miss_late(now)
    drop_orphans(now)
    put_off_for_quiet(now)
    claims, questions = claim_due(now), claim_questions(now)
    for pk, lease in claims:
        deliver(pk, lease)
    for pk, lease in questions:
        ask(pk, lease)
    count_up()
    return len(claims) + len(questions)


def turn_until_quiet(now: datetime | None = None, most: int = 20) -> None:
    for _ in range(most):
        if not turn(now):
            return
    raise AssertionError("the clock never comes to rest")


def queued(delivery: Delivery) -> tuple[int, Any]:
    """Claims one delivery as the clock does; its id and lease."""
    return next(claim for claim in claim_due(timezone.now()) if claim[0] == delivery.pk)


@cache
def picture(size: tuple[int, int] = (320, 200), color: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


def late(rule: LateRule, hours: int = 24) -> dict[str, Any]:
    return {"late_rule": rule, "late_hours": hours}
