"""Posts as a table: out and in again, seen before they are made, all mistakes at once."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.approval.drafting import set_schedule
from publisher.people.rights import Role
from publisher.timetable.models import Schedule
from tests.approval.timing import at
from tests.console.test_happenings import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def table(*rows: dict[str, object]) -> SimpleUploadedFile:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("bai.csv", out.getvalue().encode("utf-8-sig"), content_type="text/csv")


def line(office, **given: object) -> dict[str, object]:
    day = at(5).date()
    return {
        "mã chiến dịch": office.campaign.code,
        "tiêu đề": "Họp tổ dân phố",
        "kênh": "Trang phường; Loa phường",
        "ngày": f"{day.day}/{day.month}/{day.year}",
        "giờ": "09:30",
        **given,
    }


def shown_table(answer) -> str:
    return html.unescape(
        re.search(r"<textarea name=\"table\" hidden>(.*?)</textarea>", answer.content.decode(), re.DOTALL)[1]
    )


def test_a_table_is_shown_before_it_makes_anything_and_then_makes_drafts(office, officer) -> None:
    before = Post.objects.count()
    answer = officer.post(
        "/tin-bai/nhap", {"file": table(line(office), line(office, **{"tiêu đề": "Bài hai", "giờ": ""}))}
    )
    assert "Sẽ tạo 2 bài nháp" in text(answer)
    assert Post.objects.count() == before
    done = officer.post("/tin-bai/nhap", {"table": shown_table(answer)}, follow=True)
    assert "Đã tạo 2 bài nháp" in text(done)
    made = Post.objects.get(title="Họp tổ dân phố")
    assert (made.state, made.author) == (PostState.DRAFT, office.people[Role.OFFICER])
    assert made.schedule.starts_at == at(5, 9, 30)
    assert {account.name for account in made.accounts.all()} == {"Trang phường", "Loa phường"}
    assert Post.objects.get(title="Bài hai").schedule.starts_at == at(5, 8)


def test_everything_wrong_is_said_at_once_and_nothing_is_made(office, officer) -> None:
    before = Post.objects.count()
    yesterday = timezone.localdate() - timedelta(days=1)
    rows = [
        line(office),
        line(office, **{"mã chiến dịch": "khong-co"}),
        line(office, **{"kênh": "Trang phường; Báo Lạ"}),
        line(office, **{"ngày": f"{yesterday.day}/{yesterday.month}/{yesterday.year}"}),
        line(office, **{"chủ đề": "99.z"}),
        line(office, **{"ngày": "31/2/2027"}),
    ]
    answer = officer.post("/tin-bai/nhap", {"file": table(*rows)})
    words = text(answer)
    assert answer.status_code == 422
    assert "Sửa 5 chỗ trong tệp" in words
    for told in (
        "Dòng 3, cột “mã chiến dịch”",
        "Dòng 4, cột “kênh”: Không có kênh tên “Báo Lạ”",
        "Dòng 5, cột “ngày”: Ngày giờ này đã qua",
        "Dòng 6, cột “chủ đề”: Kế hoạch của chiến dịch không có nội dung ở vị trí “99.z”",
        "Dòng 7, cột “ngày”",
    ):
        assert told in words
    assert Post.objects.count() == before


def test_a_rule_that_never_comes_is_told_and_a_file_of_mistakes_is_not_checked_to_its_end(office, officer) -> None:
    never = table(line(office, **{"lặp lại": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}))
    assert "không có lượt nào trước ngày kết thúc" in text(officer.post("/tin-bai/nhap", {"file": never}))
    wrong = table(*[line(office, **{"mã chiến dịch": "khong-co"})] * 60)
    words = text(officer.post("/tin-bai/nhap", {"file": wrong}))
    assert "Dòng 51" in words
    assert "Dòng 52" not in words
    assert "các dòng sau chưa được kiểm tra" in words


@pytest.mark.parametrize("data", [b"", b"\xff\x00\xfa", "mã chiến dịch,tiêu đề\n".encode()])
def test_a_file_that_is_no_table_of_posts_is_refused_in_words(officer, data) -> None:
    answer = officer.post("/tin-bai/nhap", {"file": SimpleUploadedFile("x.csv", data)})
    assert answer.status_code == 422
    assert "Chưa" in text(answer)


def test_a_table_that_was_changed_on_the_way_is_checked_again(office, officer) -> None:
    answer = officer.post("/tin-bai/nhap", {"table": "mã chiến dịch,tiêu đề\nkhong-co,Bài\n"})
    assert answer.status_code == 409
    assert not Post.objects.filter(title="Bài").exists()


def test_a_post_that_is_there_already_is_marked(office, officer) -> None:
    office.post("Họp tổ dân phố")
    assert "đã có bài cùng tiêu đề" in text(officer.post("/tin-bai/nhap", {"file": table(line(office))}))


def test_what_goes_out_comes_in_again(office, officer) -> None:
    post = office.post("=Cộng sự, “ngoặc”; dấu", urgent=True)
    set_schedule(
        post, by=office.people[Role.OFFICER], starts_at=at(5), rule="FREQ=WEEKLY;BYDAY=MO,TH", until=at(40).date()
    )
    data = officer.get("/tin-bai/xuat.csv?tim=ngoặc").content
    Schedule.objects.filter(post=post).delete()
    answer = officer.post("/tin-bai/nhap", {"file": SimpleUploadedFile("x.csv", data)})
    officer.post("/tin-bai/nhap", {"table": shown_table(answer)})
    again = Post.objects.exclude(pk=post.pk).get(title=post.title)
    assert (again.body, again.urgent, again.schedule.rule) == (post.body, True, "FREQ=WEEKLY;BYDAY=MO,TH")
    assert again.schedule.starts_at == at(5)


def test_nothing_of_another_office_goes_out_or_in(office, officer) -> None:
    office.post("Chỉ của phường")
    stranger = office.client(office.stranger)
    assert "Chỉ của phường" not in stranger.get("/tin-bai/xuat.csv").content.decode()
    assert stranger.post("/tin-bai/nhap", {"file": table(line(office))}).status_code == 422
