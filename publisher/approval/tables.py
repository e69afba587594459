"""Posts as a table: out for Excel, and back in as drafts; everything wrong is said at once and then nothing is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, Post, Theme
from publisher.approval.drafting import new_post, set_schedule
from publisher.approval.timetabling import MORNING
from publisher.delivery.models import Account
from publisher.delivery.shaping import schedule_of
from publisher.people.models import Organisation, Person
from publisher.timetable.posts_csv import BadTable, CellError, PostRow, read, write
from publisher.timetable.recurrence import BadRule, due_times

MOST_TOLD = 50  # mistakes: more than anybody mends at a time, and a rule that never comes takes a second to find out
NOT_CHECKED = "Tệp còn nhiều chỗ sai nên các dòng sau chưa được kiểm tra. Sửa các chỗ trên rồi gửi lại."
NEVER = (
    "Theo quy tắc “{}” thì không có lượt nào trước ngày kết thúc. Đổi cách lặp lại, ngày bắt đầu hoặc ngày kết thúc."
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One draft that would be made. `doubled`: the campaign has a post of this title already."""

    line: int
    row: PostRow
    campaign: Campaign
    theme: Theme | None
    accounts: tuple[Account, ...]
    starts_at: datetime | None
    doubled: bool = False


class Names:
    """What the names in a table may mean in one organisation; read once."""

    def __init__(self, organisation: Organisation) -> None:
        rows = Campaign.objects.filter(organisation=organisation).exclude(state=CampaignState.CLOSED)
        self.organisation = organisation
        self.campaigns = {campaign.code: campaign for campaign in rows.select_related("organisation")}
        self.themes = {(t.plan_id, t.path): t for t in Theme.objects.filter(plan__organisation=organisation)}
        open_accounts = Account.objects.filter(organisation=organisation, retired_at=None)
        self.accounts = {account.name: account for account in open_accounts.order_by("-pk")}
        self.titles = set(Post.objects.filter(organisation=organisation).values_list("campaign_id", "title"))


def table_of(posts: Iterable[Post]) -> bytes:
    """A CSV that `planned` reads back; posts with `campaign`, `theme`, `schedule` and `accounts` at hand are quick."""
    return write(row_of(post) for post in posts)


def row_of(post: Post) -> PostRow:
    schedule = schedule_of(post)
    local = schedule.starts_at.astimezone(post.organisation.timezone) if schedule else None
    return PostRow(
        campaign=post.campaign.code,
        title=post.title,
        lead=post.lead,
        body=post.body,
        channels=tuple(account.name for account in post.accounts.all()),
        day=local.date() if local else None,
        clock=local.time().replace(second=0, microsecond=0) if local else None,
        rule=schedule.rule if schedule else "",
        until=schedule.until if schedule and schedule.rule else None,
        topic=post.theme.path if post.theme else "",
        urgent=post.urgent,
    )


def planned(data: bytes, organisation: Organisation) -> list[Planned]:
    """What the table would make. Raises `BadTable` with everything that is wrong, up to `MOST_TOLD` mistakes; nothing
    is stored either way."""
    names = Names(organisation)
    now = timezone.now()
    found: list[Planned] = []
    rows, errors = readable(data)
    for line, row in rows:
        wrong = list(misfits(line, row, names, now))
        errors += wrong
        if len(errors) >= MOST_TOLD:
            raise BadTable([*errors, CellError(line, "", "more", NOT_CHECKED)])
        if not wrong:
            found.append(plan_row(line, row, names))
    if errors:
        raise BadTable(sorted(errors, key=lambda error: error.line))
    if not found:
        raise BadTable([CellError(1, "", "empty", "Tệp chỉ có dòng tên cột, chưa có tin bài nào.")])
    return found


def readable(data: bytes) -> tuple[list[tuple[int, PostRow]], list[CellError]]:
    """The lines that are rows of posts, and what is wrong with the others."""
    try:
        return read(data), []
    except BadTable as table:
        return table.rows, list(table.errors)


def misfits(line: int, row: PostRow, names: Names, now: datetime) -> Iterator[CellError]:
    """Names nobody answers to, and times that have passed or that no rule can follow."""
    campaign = names.campaigns.get(row.campaign)
    if campaign is None:
        message = f"Không có chiến dịch nào đang chạy mang mã “{row.campaign}”. Xem mã ở trang chiến dịch."
        yield CellError(line, "mã chiến dịch", "unknown-campaign", message)
    elif row.topic and (campaign.plan_id, row.topic) not in names.themes:
        message = f"Kế hoạch của chiến dịch không có nội dung ở vị trí “{row.topic}”."
        yield CellError(line, "chủ đề", "unknown-topic", message)
    for name in row.channels:
        if name not in names.accounts:
            message = f"Không có kênh tên “{name}”. Viết đúng tên ở trang Kênh, cách nhau bằng dấu chấm phẩy."
            yield CellError(line, "kênh", "unknown-channel", message)
    starts_at = moment_of(row, names.organisation)
    if starts_at is not None and not row.rule and starts_at < now:
        yield CellError(line, "ngày", "passed", "Ngày giờ này đã qua. Đổi ngày, hoặc để trống để đặt giờ sau.")
    if starts_at is not None and campaign is not None and row.rule:
        try:
            ever = due_times(starts_at, row.rule, row.until, names.organisation.timezone, last=campaign.ends_on)
        except BadRule as error:
            yield CellError(line, "lặp lại", "bad-rule", str(error))
        else:
            if not ever:
                yield CellError(line, "lặp lại", "never", NEVER.format(row.rule))


def moment_of(row: PostRow, organisation: Organisation) -> datetime | None:
    """A day without an hour begins in the morning; the preview shows it."""
    return datetime.combine(row.day, row.clock or MORNING, tzinfo=organisation.timezone) if row.day else None


def plan_row(line: int, row: PostRow, names: Names) -> Planned:
    campaign = names.campaigns[row.campaign]
    return Planned(
        line,
        row,
        campaign,
        names.themes.get((campaign.plan_id, row.topic)) if row.topic else None,
        tuple(names.accounts[name] for name in row.channels),
        moment_of(row, names.organisation),
        (campaign.pk, row.title) in names.titles,
    )


@transaction.atomic
def make_drafts(rows: list[Planned], *, by: Person) -> list[Post]:
    """All of them or none; without channels a post goes to those of its campaign."""
    return [make_draft(planned, by) for planned in rows]


def make_draft(planned: Planned, by: Person) -> Post:
    row = planned.row
    post = new_post(
        planned.campaign,
        by=by,
        accounts=list(planned.accounts) or None,
        title=row.title,
        lead=row.lead,
        body=row.body,
        theme=planned.theme,
        urgent=row.urgent,
    )
    if planned.starts_at is not None:
        set_schedule(post, by=by, starts_at=planned.starts_at, rule=row.rule, until=row.until if row.rule else None)
    return post
