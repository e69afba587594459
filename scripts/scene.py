"""What stands in the invented ward while its pictures are taken (scripts/screenshots.py): published, waiting and
planned posts, happenings, a picture that lacks its words, an approved session. Runs beside a fresh `publisher run` with
the same environment and waits until that has published.
"""

from __future__ import annotations

import os
import sys
import time as clock
from datetime import datetime, time, timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from assets.cards import card  # noqa: E402
from assets.consent import NOBODY, OUR_OWN  # noqa: E402
from campaigns.models import Campaign, Post  # noqa: E402
from publisher.airing.approving import approve as approve_session  # noqa: E402
from publisher.airing.models import Bulletin  # noqa: E402
from publisher.airing.sessions import session_of  # noqa: E402
from publisher.approval.drafting import attach_picture, edit_post, new_post, set_schedule, tie_to_happening  # noqa: E402
from publisher.approval.happenings import cancel_happening, new_happening  # noqa: E402
from publisher.approval.library import upload  # noqa: E402
from publisher.approval.review import approve, submit  # noqa: E402
from publisher.delivery.listening import make_sound  # noqa: E402
from publisher.delivery.models import Account, Delivery  # noqa: E402
from publisher.delivery.shaping import media, words_of  # noqa: E402
from publisher.delivery.states import State  # noqa: E402
from publisher.people.models import Organisation, Person  # noqa: E402
from publisher.people.rights import Role  # noqa: E402
from publisher.samples.ward import HERE, person_of, ward  # noqa: E402

PATIENCE = 180.0  # seconds
FERRY = """Đài khí tượng thủy văn báo gió mạnh cấp 6, giật cấp 8 trên sông Vàng từ trưa nay. Bến đò ngang tạm dừng
từ 11h00 cho đến khi có thông báo mới.

Bà con cần sang sông xin đi cầu Lạc An. Ghe, thuyền nhỏ vào chỗ khuất gió trước 11h00."""
ROAD = """Đoạn từ ngã tư Chợ Cũ đến bến đò được trải lại mặt và làm cống mới.

- Xe máy, xe con đi một làn, từ 6h00 đến 22h00.
- Xe tải đi đường tránh phía nam.
- Hộ kinh doanh cần chuyển hàng xin gọi tổ trưởng tổ dân phố trước một ngày.

Sửa xong sớm, phường báo ngay trên trang này."""
APP = """Một ứng dụng, năm việc làm được ngay:

1. Nộp hồ sơ: chụp giấy tờ bằng điện thoại, nhận kết quả qua bưu điện
2. Tra cứu hồ sơ: biết hồ sơ đang ở đâu, còn mấy ngày
3. Phản ánh hiện trường: gửi ảnh, phường trả lời trong 3 ngày làm việc
4. Đặt lịch hẹn: chọn giờ đến, không phải chờ
5. Nộp phí, lệ phí: trả bằng mã QR, có biên lai điện tử"""


def main() -> int:
    office, officer, approver = ward(), person_of(Role.OFFICER), person_of(Role.APPROVER)
    if office is None:
        return 1
    Account.objects.filter(organisation=office).update(quiet_from=None, quiet_until=None)  # published at any hour
    published = publish(office, officer, approver)
    plan_ahead(office, officer, approver)
    upload(
        office,
        card("Nhà văn hóa tổ dân phố số 3", "Phường Sông Vàng", accent="#1f4e8c"),
        by=officer,
        name="IMG_0412.jpg",
    )
    wait_for(lambda: all(gone_out(post) for post in published), "the published posts")
    session = first_session(office)
    approve_session(session, session_of(session), by=approver, digest=session_of(session).digest)
    Account.objects.filter(organisation=office, kind__in=("facebook", "zalo")).update(
        quiet_from=time(21), quiet_until=time(6)
    )
    return 0


def publish(office: Organisation, officer: Person, approver: Person) -> list[Post]:
    """The oldest first: what was done at home, fire, the road, and the ferry in a hurry."""
    road = written(
        office,
        officer,
        "Sửa đường Bến Đò: xe tải đi đường tránh đến hết ngày 10/12",
        ROAD,
        "Xe máy, xe con đi một làn; xe tải đi đường tránh phía nam.",
    )
    attach_picture(
        road,
        (HERE / "pictures" / "tru-so-ben-song.jpg").read_bytes(),
        "Tranh vẽ con đường bên bờ sông buổi sáng",
        by=officer,
        name="duong-ben-do.jpg",
        source=OUR_OWN,
        people=NOBODY,
    )
    ferry = written(office, officer, "Tạm dừng đò ngang qua sông Vàng vì gió mạnh cấp 6", FERRY, "", urgent=True)
    first = sample("1.b")
    make_sound(first, words_of(first), media(), by=officer)
    posts = [first, sample("2.a"), road, ferry]
    for post in posts:
        fresh = Post.objects.get(pk=post.pk)
        set_schedule(fresh, by=officer, starts_at=timezone.now())
        decide(fresh, officer, approver)
    return posts


def plan_ahead(office: Organisation, officer: Person, approver: Person) -> None:
    day = timezone.localdate() + timedelta(days=12)
    festival = new_happening(
        office,
        by=officer,
        title="Ngày hội chuyển đổi số",
        starts_at=at(day, 7, 30),
        ends_at=at(day, 11, 0),
        place="Nhà văn hóa tổ dân phố số 3",
    )
    new_happening(
        office,
        by=officer,
        title="Hội nghị đối thoại với người dân",
        starts_at=at(day + timedelta(days=6), 8, 0),
        place="Hội trường tầng 2, trụ sở phường",
    )
    blood = new_happening(
        office,
        by=officer,
        title="Ngày hội hiến máu",
        starts_at=at(day + timedelta(days=8), 7, 30),
        place="Trạm y tế phường",
    )
    cancel_happening(blood, by=officer, reason="Trung tâm truyền máu dời sang quý sau")
    tied = sample("1.a")
    tie_to_happening(tied, festival, by=officer, days=-3)
    decide(tied, officer, approver)
    waiting = sample("3.a")
    set_schedule(waiting, by=officer, starts_at=at(timezone.localdate() + timedelta(days=3), 9, 0))
    submit(Post.objects.get(pk=waiting.pk), by=officer)
    written(
        office,
        officer,
        "5 tiện ích của ứng dụng công dân số",
        APP,
        "Một ứng dụng trong điện thoại, bớt năm lần đi lại.",
    )
    talk = sample("4.a")
    edit_post(talk, {"lead": talk.lead}, by=officer, revision=talk.revision)  # the draft touched last stands first


def sample(theme: str) -> Post:
    return Post.objects.select_related("campaign", "theme", "organisation").get(theme__path=theme)


def written(office: Organisation, by: Person, title: str, body: str, lead: str, *, urgent: bool = False) -> Post:
    campaign = Campaign.objects.filter(organisation=office).order_by("pk").last()
    by_hand = ("contracted", *(["loudspeaker"] if urgent else []))  # an urgent item would be aired at once
    accounts = list(Account.objects.filter(organisation=office, retired_at=None).exclude(kind__in=by_hand))
    return new_post(campaign, by=by, accounts=accounts, title=title, body=body, lead=lead, urgent=urgent)


def decide(post: Post, officer: Person, approver: Person) -> None:
    version = submit(Post.objects.get(pk=post.pk), by=officer)
    approve(version, by=approver, digest=version.digest)


def gone_out(post: Post) -> bool:
    """On every channel that the software serves by itself."""
    sent = Delivery.objects.filter(version__post=post, account__kind__in=("page", "feed", "facebook", "zalo"))
    return sent.exists() and not sent.exclude(state=State.DELIVERED).exists()


def first_session(office: Organisation) -> Bulletin:
    sessions = Bulletin.objects.filter(organisation=office, slot_at__gt=timezone.now()).order_by("slot_at")
    wait_for(sessions.exists, "a session of the station")
    return sessions[0]


def at(day: datetime, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def wait_for(done, what: str) -> None:
    until = clock.monotonic() + PATIENCE
    while not done():
        if clock.monotonic() > until:
            sys.exit(f"Waited {PATIENCE:.0f} s for {what}.")
        clock.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
