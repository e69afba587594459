"""An office to walk through: somebody in every role, and a stranger who holds every role in another organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.test import Client
from django.utils import timezone

from assets.made.models import Style
from assets.models import Asset
from assets.pictures import cleaned
from campaigns.models import Campaign, Plan, Post, PostVersion
from publisher.airing.playlists import open_address
from publisher.approval.drafting import attach_video, new_post
from publisher.approval.happenings import move_happening, new_happening
from publisher.approval.library import keep
from publisher.approval.review import submit
from publisher.budget.models import BudgetLine
from publisher.delivery.desk import add_file_evidence
from publisher.delivery.feeds import open_feed
from publisher.delivery.listening import keep as keep_sound
from publisher.delivery.models import Account, Attempt, Delivery
from publisher.delivery.moves import move
from publisher.delivery.shaping import media
from publisher.delivery.states import State
from publisher.following.endpoints import add
from publisher.following.models import Endpoint
from publisher.intake.models import Document, DocumentState, PlanRevision
from publisher.people.models import Organisation, Person
from publisher.people.rights import Role
from publisher.timetable.models import DayOverride
from tests.airing.stations import bulletin_at, lay
from tests.assets.films import film
from tests.plan_rows import plan_of
from tests.ward import picture

BODY = "Xe thu gom đến lúc 17h30.\n\n## Ba nhóm\n\n- Rác hữu cơ\n- Rác tái chế"


@dataclass
class Office:
    organisation: Organisation
    people: dict[Role, Person]
    stranger: Person
    plan: Plan
    campaign: Campaign
    line: BudgetLine
    page: Account
    loudspeaker: Account
    newspaper: Account

    def client(self, who: Role | Person | None, **options: object) -> Client:
        """A browser in which that person is signed in."""
        client = Client(**options)
        if who is not None:
            person = self.people[who] if isinstance(who, Role) else who
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def post(self, title: str = "Ba thùng, ba màu", **fields: object) -> Post:
        given = {"title": title, "lead": "Rác để riêng từ trong bếp.", "body": BODY, "accounts": [self.page], **fields}
        return new_post(self.campaign, by=self.people[Role.OFFICER], **given)

    def submitted(self, title: str = "Ba thùng, ba màu", **fields: object) -> PostVersion:
        return submit(self.post(title, **fields), by=self.people[Role.OFFICER])

    def document(self) -> Document:
        """The sample's bytes, handed in and refused."""
        sha256, state = self.plan.source_sha256, DocumentState.REFUSED
        return Document.objects.create(organisation=self.organisation, name="kh.md", sha256=sha256, size=9, state=state)

    def revision(self) -> PlanRevision:
        """A proposal that the office's plan replaces an earlier one."""
        old = Plan.objects.create(
            organisation=self.organisation, number="11/KH-UBND", title="Kế hoạch năm trước", year=2025,
            source_name="cu.md", source_sha256="0" * 64, reading=self.plan.reading,
        )  # fmt: skip
        return PlanRevision.objects.create(old=old, new=self.plan, why="Văn bản ghi là thay thế.")

    def delivery(self, state: State = State.SCHEDULED, account: Account | None = None, **columns: object) -> Delivery:
        """A delivery of a frozen version, led to `state` along legal moves."""
        account = account or self.page
        version = self.submitted(accounts=[account])
        due = columns.pop("due_at", timezone.now() - timedelta(minutes=1))
        delivery = Delivery.objects.create(
            organisation=self.organisation,
            version=version,
            account=account,
            digest=version.renderings.get(account=account).digest,
            due_at=due,
            next_try_at=due,
            **columns,
        )
        for step in WAY.get(state, (state,) if state is not State.SCHEDULED else ()):
            move(delivery, step)
        return delivery


WAY = {
    State.SENDING: (State.QUEUED, State.SENDING),
    State.DELIVERED: (State.QUEUED, State.SENDING, State.DELIVERED),
    State.HANDED_OVER: (State.QUEUED, State.SENDING, State.HANDED_OVER),
    State.UNKNOWN: (State.QUEUED, State.SENDING, State.UNKNOWN),
    State.FAILED: (State.QUEUED, State.SENDING, State.FAILED),
}


def open_office(organisation: Organisation, people: dict[Role, Person], stranger: Person) -> Office:
    """The sample plan imported, and an account of each of three kinds."""
    plan = plan_of(organisation=organisation, by=people[Role.OFFICER]).plan
    accounts = {
        kind: Account.objects.create(organisation=organisation, kind=kind, name=name, settings=settings)
        for kind, name, settings in (
            ("page", "Trang phường", {}),
            ("loudspeaker", "Loa phường", {"station": "Đài Sông Vàng", "sessions": "07:30, 16:30"}),
            ("contracted", "Báo Lạc An", {"partner": "Báo Lạc An", "what": "bài báo"}),
        )
    }
    return Office(
        organisation,
        people,
        stranger,
        plan,
        plan.campaigns.all()[0],
        plan.budget_lines.filter(amount__gt=0).first(),
        accounts["page"],
        accounts["loudspeaker"],
        accounts["contracted"],
    )


def add_endpoint(office: Office) -> Endpoint:
    """A webhook of another system of the office's."""
    url = "https://cong.example/tin"
    return add(office.organisation, name="Cổng phường", url=url, kinds=[], by=office.people[Role.ADMIN])[0]


def in_library(office: Office) -> Asset:
    """A picture of the office's library, described."""
    by = office.people[Role.OFFICER]
    words = {"alt": "Nhà văn hóa Sông Vàng", "source": "UBND phường", "people": "none"}
    return keep(office.organisation, cleaned(picture()), picture(), by=by, name="nha.jpg", **words).asset


def style_of(office: Office) -> Style:
    """How the office wants its made pictures."""
    return Style.objects.create(organisation=office.organisation, name="Mẫu Sông Vàng", layout="band", accent="#1f4e8c")


def sound_of(office: Office) -> str:
    """The name of a recording of some post of the office."""
    sound = keep_sound(office.post("Có bản nghe"), b"ID3", "nghe-x-1.mp3", media(), office.people[Role.OFFICER])
    return sound.sha256[:16]


def video_of(office: Office) -> str:
    """The name of a video on some post of the office."""
    post = office.post("Có video")
    attach_video(post, BytesIO(film()), by=office.people[Role.OFFICER])
    return post.video.sha256[:16]


def airing_rows(office: Office) -> dict[str, dict[str, object]]:
    """A session of tomorrow with one item, and the address of a loudspeaker."""
    by = office.people[Role.OFFICER]
    slot = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=7, minute=30, second=0, microsecond=0)
    lay(office.loudspeaker, office.campaign, by, slot, "Tin của buổi sáng")
    bulletin = bulletin_at(office.loudspeaker, slot)
    open_address(office.loudspeaker, "Cụm tổ 5", by=by)
    return {
        "bulletin": {"pk": bulletin.pk},
        "bulletin-file": {"pk": bulletin.pk, "name": "ban-doc.txt"},
        "playlist": {"pk": office.loudspeaker.playlist_addresses.get().pk},
        "week-paper": {"form": "docx"},
    }


def rows_of(office: Office) -> dict[str, dict[str, object]]:
    """The keyword arguments of every address that names a row."""
    delivery = office.delivery(State.UNKNOWN)
    Attempt.objects.create(delivery=delivery, number=1, started_at=timezone.now(), outcome="unknown")
    by = office.people[Role.OFFICER]
    happening = new_happening(office.organisation, by=by, title="Đối thoại ở Sông Vàng", starts_at=timezone.now())
    change = move_happening(happening, timezone.now() + timedelta(days=9), by=by)
    day = DayOverride.objects.create(
        organisation=office.organisation, date=timezone.localdate(), kind="off", name="Nghỉ", source="CV 1"
    )
    open_feed(office.organisation, by=by, account=office.page)
    evidence = add_file_evidence(delivery, b"%PDF-1.4 bien ban", "biên bản.pdf", "Biên bản", by=by)
    return {
        "plan": {"pk": office.plan.pk},
        "finding": {"pk": office.plan.pk, "at": "title"},
        "findings": {"pk": office.plan.pk, "at": "themes"},
        "document": {"pk": office.document().pk},
        "revision": {"pk": office.revision().pk},
        "campaign": {"pk": office.campaign.pk},
        "post": {"pk": office.post().pk},
        "approval": {"pk": office.submitted("Chờ duyệt").pk},
        "delivery": {"pk": delivery.pk},
        "evidence": {"pk": evidence.pk},
        "budget": {"pk": office.line.pk},
        "account": {"pk": office.page.pk},
        "picture": {"mark": delivery.version.content["pictures"][0]["sha256"][:16]},
        "asset": {"pk": in_library(office).pk},
        "style": {"pk": style_of(office).pk},
        "video": {"mark": video_of(office)},
        "sound": {"mark": sound_of(office)},
        "export": {"form": "csv"},
        **airing_rows(office),
        "happening": {"pk": happening.pk},
        "change": {"pk": change.pk},
        "day": {"pk": day.pk},
        "feed": {"pk": office.page.calendar_feeds.get().pk},
        "endpoint": {"pk": add_endpoint(office).pk},
    }
