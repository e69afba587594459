"""python -m tests.chaos.people: the people of an office, at work while the storm lasts.

They write, submit and approve posts until enough deliveries are ordered, and now and then cancel, correct, withdraw,
hold an account, call a pause, confirm or refuse what was handed over. Whoever clicks into a dead database clicks again.
Lines of JSON on standard output tell how far they are. After `{"done": …}` somebody stays, and does nothing but give
accounts that a vendor turned away their credentials again, until the process is stopped.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import django

from tests.chaos import opening, plan

T = TypeVar("T")
PAGES = ("page", "feed", "facebook", "zalo")
PATIENCE = 120.0  # seconds a person clicks again
WORK_SHARE = 0.85  # of the storm, in which everything is written


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--deliveries", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--sandbox", required=True)
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "publisher.settings"
    django.setup()
    office = Office(plan.chance("people", given.seed), given.sandbox)
    say(ready=office.kinds())
    office.work(given.deliveries, given.seconds)
    say(done=dict(office.acts))
    office.keep_watch()


def say(**words: Any) -> None:
    print(json.dumps(words, ensure_ascii=False), flush=True)


class Office:
    def __init__(self, chance: random.Random, sandbox: str) -> None:
        from django.core.management import call_command

        from publisher.people.rights import Role
        from publisher.samples.ward import make_ward, person_of

        self.chance, self.sandbox = chance, sandbox
        self.acts: Counter[str] = Counter()
        call_command("migrate", verbosity=0, interactive=False)
        self.organisation = make_ward(sandbox)
        self.officer, self.approver, self.admin = (
            person_of(role) for role in (Role.OFFICER, Role.APPROVER, Role.ADMIN)
        )
        self.campaign = opening.make_campaign(self.organisation)
        opening.open_accounts(self.organisation, sandbox, self.admin)
        self.pictures = [picture(colour) for colour in ("teal", "maroon", "olive")]
        self.number = 0
        self.held: list[tuple[float, Any]] = []  # until when, which account
        self.pause_until = 0.0

    def kinds(self) -> list[str]:
        from publisher.delivery.models import Account

        return sorted(Account.objects.filter(organisation=self.organisation).values_list("kind", flat=True))

    # -- the day ---------------------------------------------------------------------------------------------------

    def work(self, deliveries: int, seconds: float) -> None:
        from publisher.delivery.models import Delivery

        begun, ordered = time.monotonic(), 0
        while ordered < deliveries:
            self.keep_pace(begun, ordered / deliveries * seconds * WORK_SHARE)
            self.click("post", self.write)
            self.something_else()
            self.end_what_was_for_a_while()
            ordered = self.again(lambda: Delivery.objects.filter(action="publish").count()) or ordered
            say(ordered=ordered)
        while time.monotonic() < begun + seconds:
            self.something_else()
            self.end_what_was_for_a_while()
            time.sleep(0.5)
        self.close_the_day()

    def keep_pace(self, begun: float, elapsed: float) -> None:
        time.sleep(max(0.0, begun + elapsed - time.monotonic()))

    def something_else(self) -> None:
        for name, share, act in (
            ("cancel", 0.25, self.cancel),
            ("correct", 0.18, self.correct),
            ("withdraw", 0.12, self.withdraw),
            ("edit before it went", 0.10, self.edit_unsent),
            ("confirm", 0.5, self.confirm),
            ("refuse", 0.06, self.refuse),
            ("hold", 0.04, self.hold),
            ("pause", 0.008, self.pause),
            ("review", 0.3, self.review),
            ("reconnect", 0.2, self.reconnect),
        ):
            if self.chance.random() < share:
                self.click(name, act)

    def click(self, name: str, act: Callable[[], bool]) -> None:
        """One act of a person; what the publisher declines is declined, what is broken is tried again."""
        try:
            done = self.again(act)
        except declined() as refusal:
            self.acts[f"{name}: declined ({type(refusal).__name__})"] += 1
            return
        if done:
            self.acts[name] += 1

    def again(self, act: Callable[[], T]) -> T | None:
        """A person who gets no answer reloads the page and does it again."""
        from django.db import InterfaceError, OperationalError, connection

        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return act()
            except (OperationalError, InterfaceError):
                connection.close()
                self.acts["clicked again"] += 1
                time.sleep(0.3)
        return None

    # -- what they do ----------------------------------------------------------------------------------------------

    def write(self) -> bool:
        from publisher.approval.drafting import attach_picture, new_post, set_schedule
        from publisher.approval.review import approve, submit

        self.number += 1
        n = self.number
        words = {
            "title": f"Tin số {n}: lịch thu gom rác cồng kềnh ở tổ {n % 40 + 1}",
            "lead": f"Ủy ban nhân dân phường thông báo lần thứ {n}.",
            "body": body(n, 1),
            "footer": "Đường dây nóng: 0200 555 0118",
            "urgent": self.chance.random() < 0.05,
        }
        due = self.now() + timedelta(seconds=self.chance.choice((0, 0, 0, 2, 5, 20, 40)))
        accounts = self.chosen()
        made = new_post(self.campaign, by=self.officer, accounts=accounts, **words)
        shown = self.chance.choice(self.pictures)
        self.in_turn(
            made.pk,
            lambda post: attach_picture(
                post, shown, "Xe thu gom rác", by=self.officer, source="UBND phường", people="none"
            ),
            lambda post: set_schedule(post, by=self.officer, starts_at=due),
            lambda post: submit(post, by=self.officer),
            lambda post: self.decide(approve, post),
        )
        return True

    def in_turn(self, pk: int, *steps: Callable[[Any], Any]) -> None:
        """Each on the post as it is by then. A step that was done, its answer lost, is declined when clicked again."""
        from campaigns.models import Post

        for step in steps:
            with suppress(*declined()):
                self.again(lambda step=step: step(Post.objects.get(pk=pk)))

    def decide(self, approve: Callable[..., Any], post: Any) -> Any:
        version = post.versions.order_by("-number").first()
        return approve(version, by=self.approver, digest=version.digest)

    def chosen(self) -> list[Any]:
        """Nearly always every channel, so that most posts have all to lose."""
        from publisher.delivery.models import Account

        accounts = list(Account.objects.filter(organisation=self.organisation, retired_at=None).order_by("pk"))
        if self.chance.random() < 0.85:
            accounts = [account for account in accounts if account.kind != "zalo_broadcast"]
        if self.chance.random() < 0.85:
            return accounts
        return [a for a in accounts if a.kind in PAGES[: self.chance.choice((1, 2, 3, 4))]]

    def pick(self, **wanted: Any) -> Any:
        """One of the newest deliveries of this kind; None where there is none."""
        from publisher.delivery.models import Delivery

        rows = Delivery.objects.filter(organisation=self.organisation, **wanted).select_related(
            "account__organisation", "organisation", "version__post"
        )
        found = list(rows.order_by("-pk")[:60])
        return self.chance.choice(found) if found else None

    def cancel(self) -> bool:
        from publisher.delivery.desk import cancel

        delivery = self.pick(state__in=["scheduled", "queued"], action="publish")
        if delivery is None:
            return False
        cancel(delivery, by=self.officer, reason="Không đăng nữa.")
        return True

    def correct(self) -> bool:
        delivery = self.pick(state="delivered", action__in=["publish", "correct"])
        return delivery is not None and self.reword(delivery.version.post)

    def edit_unsent(self) -> bool:
        delivery = self.pick(state__in=["scheduled", "queued"], action="publish")
        return delivery is not None and self.reword(delivery.version.post)

    def reword(self, post: Any) -> bool:
        """New words, submitted and approved: what stands is corrected, what does not yet is made anew."""
        from campaigns.models import Post
        from publisher.approval.drafting import edit_post
        from publisher.approval.review import approve, submit

        fresh = Post.objects.get(pk=post.pk)
        if fresh.state != "approved":
            return False
        words = {"body": body(number_of(fresh), fresh.revision + 1)}
        edit_post(fresh, words, by=self.officer, revision=fresh.revision)
        self.in_turn(post.pk, lambda post: submit(post, by=self.officer), lambda post: self.decide(approve, post))
        return True

    def withdraw(self) -> bool:
        from publisher.delivery.desk import withdraw

        delivery = self.pick(state="delivered", action__in=["publish", "correct"])
        if delivery is None:
            return False
        withdraw(delivery, by=self.officer, reason="Gỡ theo yêu cầu.")
        return True

    def confirm(self) -> bool:
        from channels.contract import Proof
        from publisher.delivery.accounts import channel_of
        from publisher.delivery.desk import confirm

        delivery = self.pick(state="handed_over", due_at__lte=self.now())
        if delivery is None:
            return False
        accepted = channel_of(delivery.account).needs_acceptance
        proofs = [Proof("minutes", "Biên bản nghiệm thu", f"NT-{delivery.pk}")] if accepted else []
        confirm(delivery, by=self.officer, note="Đã xong.", proofs=proofs)
        return True

    def refuse(self) -> bool:
        from publisher.delivery.desk import refuse

        delivery = self.pick(state="handed_over", action="publish")
        if delivery is None:
            return False
        refuse(delivery, by=self.officer, reason="Đơn vị thực hiện báo không làm được.")
        return True

    def hold(self) -> bool:
        from publisher.delivery.accounts import hold
        from publisher.delivery.models import Account

        free = list(Account.objects.filter(organisation=self.organisation, held_at=None))
        if not free:
            return False
        account = self.chance.choice(free)
        self.held.append((time.monotonic() + self.chance.uniform(2, 8), account))
        return bool(hold(account, reason="Người quản trị tạm dừng.", by=self.admin))

    def pause(self) -> bool:
        from publisher.approval.blackouts import set_blackout

        if time.monotonic() < self.pause_until + 60:
            return False
        set_blackout(self.organisation, by=self.approver, reason="Thử tạm dừng", document="Công văn 1/UBND")
        self.pause_until = time.monotonic() + self.chance.uniform(1, 3)
        return True

    def review(self) -> bool:
        """What waited for a person goes now, or not at all."""
        from publisher.approval.blackouts import drop, post_now

        delivery = self.pick(state="scheduled", review_since__isnull=False)
        if delivery is None:
            return False
        if self.chance.random() < 0.8:
            post_now(delivery, by=self.officer)
        else:
            drop(delivery, by=self.officer, reason="Đã muộn.")
        return True

    def reconnect(self) -> bool:
        """An account the vendor turned away gets credentials again, as when an administrator consents anew."""
        import requests

        from channels.sandbox import credentials
        from publisher.delivery.accounts import lift, set_secrets
        from publisher.delivery.models import Account

        ours = {account.pk for _, account in self.held}
        held = Account.objects.filter(organisation=self.organisation).exclude(held_at=None).exclude(pk__in=ours)
        for account in held:
            if account.kind == "zalo":
                requests.post(f"{self.sandbox}/_consent", timeout=10, allow_redirects=False)
                set_secrets(account, credentials(self.sandbox)["zalo"]["secrets"], by=self.admin)
            lift(account, by=self.admin)
        return bool(held)

    def end_what_was_for_a_while(self) -> None:
        from publisher.approval.blackouts import current, lift_blackout
        from publisher.delivery.accounts import lift

        now = time.monotonic()
        for until, account in [pair for pair in self.held if pair[0] <= now]:
            self.click("lift", lambda account=account: lift(account, by=self.admin) or True)
            self.held.remove((until, account))
        if self.pause_until <= now:
            blackout = self.again(lambda: current(self.organisation))
            if blackout is not None:
                self.click("end of pause", lambda: lift_blackout(blackout, by=self.approver) is not None)

    def close_the_day(self) -> None:
        """Nothing stays held or paused; part of what waits for a decision is left for tomorrow."""
        self.held = [(0.0, account) for _, account in self.held]
        self.pause_until = 0.0
        self.end_what_was_for_a_while()
        self.click("reconnect", self.reconnect)
        for _ in range(30):
            self.click("review", self.review)
            self.click("confirm", self.confirm)

    def keep_watch(self) -> None:
        while True:
            self.click("reconnect", self.reconnect)
            time.sleep(2)

    def now(self) -> Any:
        from django.utils import timezone

        return timezone.now()


def body(number: int, revision: int) -> str:
    """Words nobody else has said, in no other wording either."""
    text = f"Bà con tổ {number % 40 + 1} để đồ cũ trước cửa nhà trước 7 giờ sáng. Mã tin {number}, bản {revision}."
    return f"{text}\n\n- Tủ, đệm, bàn ghế cũ\n- Đồ điện hỏng"


def number_of(post: Any) -> int:
    return int(post.title.split(":")[0].removeprefix("Tin số "))


def picture(colour: str) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def declined() -> tuple[type[Exception], ...]:
    """What the publisher says no with: somebody was first, or it cannot be done."""
    from publisher.approval.drafting import EditConflict
    from publisher.approval.review import NotReady, Refused
    from publisher.delivery.desk import NotPossible
    from publisher.delivery.moves import IllegalMove, Overtaken
    from publisher.delivery.scheduling import CannotSchedule

    return (EditConflict, NotReady, Refused, NotPossible, IllegalMove, Overtaken, CannotSchedule)


if __name__ == "__main__":
    main()
