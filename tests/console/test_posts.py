"""Writing: what is saved, what is refused, and that nobody's words are lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assets.models import Asset
from campaigns.models import Post, PostState
from publisher.approval.drafting import edit_post
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.people.rights import Role
from publisher.timetable.models import Schedule

WORDS = {
    "title": "Ngày hội chuyển đổi số",
    "lead": "Mời bà con đến dự.",
    "body": "Từ 8h00 ngày 5/12.",
    "footer": "Đường dây nóng: 0200 555 0118",
    "when": "now",
    "late_rule": "until",
    "late_hours": "24",
}


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def form_of(post: Post, **changes: object) -> dict[str, object]:
    """What the composer sends for a post that is left as it is."""
    return {
        **WORDS,
        **{name: getattr(post, name) for name in ("title", "lead", "body", "footer")},
        "accounts": [account.pk for account in post.accounts.all()],
        "revision": post.revision,
        **changes,
    }


def test_a_new_post_is_kept_as_a_draft_with_its_accounts(office, officer) -> None:
    answer = officer.post("/tin-bai/moi", {**WORDS, "campaign": office.campaign.pk, "accounts": [office.page.pk]})
    post = Post.objects.get(title=WORDS["title"])
    assert answer.headers["Location"] == f"/tin-bai/{post.pk}"
    assert (post.state, post.author) == (PostState.DRAFT, office.people[Role.OFFICER])
    assert list(post.accounts.all()) == [office.page]


def test_a_new_post_starts_with_the_free_accounts_and_the_offices_own_footer(office, officer) -> None:
    office.newspaper.rate = 2_000_000
    office.newspaper.save(update_fields=["rate"])
    form = officer.get(f"/tin-bai/moi?chien-dich={office.campaign.pk}").context["form"]
    assert form.initial["accounts"] == [office.page, office.loudspeaker]
    assert form.initial["footer"].startswith("Ủy ban nhân dân phường Sông Vàng")


def test_what_is_missing_is_listed_and_tied_to_its_field(office, officer) -> None:
    answer = officer.post("/tin-bai/moi", {**WORDS, "title": "", "when": "weekly", "campaign": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_title">Hãy điền “Tiêu đề”.</a>' in page
    assert "Hãy chọn ít nhất một ngày trong tuần." in page
    assert 'aria-describedby="id_title_error"' in page


def test_an_account_of_another_office_cannot_be_chosen(office, officer) -> None:
    theirs = office.page.__class__.objects.create(
        organisation=office.stranger.members.first().organisation, kind="page", name="Trang bên cạnh"
    )
    answer = officer.post("/tin-bai/moi", {**WORDS, "campaign": office.campaign.pk, "accounts": [theirs.pk]})
    assert answer.status_code == 422
    assert not Post.objects.filter(title=WORDS["title"]).exists()


def test_a_weekly_rule_is_kept_and_shown_again(office, officer) -> None:
    post = office.post()
    times = {"when": "weekly", "day": "2027-01-04", "hour": "07:30", "weekdays": ["MO", "TH"], "until": "2027-03-31"}
    officer.post(f"/tin-bai/{post.pk}", form_of(post, **times))
    post.refresh_from_db()
    assert (post.schedule.rule, post.schedule.until) == ("FREQ=WEEKLY;BYDAY=MO,TH", date(2027, 3, 31))
    form = officer.get(f"/tin-bai/{post.pk}").context["form"]
    assert (form.initial["when"], form.initial["weekdays"]) == ("weekly", ["MO", "TH"])


def test_a_monthly_rule_follows_the_day_that_was_chosen(office, officer) -> None:
    post = office.post()
    times = {"when": "monthly", "day": "2027-01-20", "hour": "09:00", "until": "2027-06-30"}
    officer.post(f"/tin-bai/{post.pk}", form_of(post, **times))
    post.refresh_from_db()
    assert post.schedule.rule == "FREQ=MONTHLY;BYMONTHDAY=20"
    assert officer.get(f"/tin-bai/{post.pk}").context["form"].initial["when"] == "monthly"


def test_a_time_is_meant_in_the_offices_zone(office, officer) -> None:
    post = office.post()
    officer.post(f"/tin-bai/{post.pk}", form_of(post, when="once", day="2027-01-20", hour="06:15"))
    post.refresh_from_db()
    assert post.schedule.starts_at.isoformat() == "2027-01-19T23:15:00+00:00"


def test_saving_without_a_change_makes_no_new_revision(office, officer) -> None:
    post = office.post()
    officer.post(f"/tin-bai/{post.pk}", form_of(post))
    post.refresh_from_db()
    assert post.revision == 1


def test_who_saves_second_sees_both_texts_and_nothing_is_overwritten(office, officer) -> None:
    post = office.post()
    mine = form_of(post, body="Chữ của tôi")
    edit_post(post, {"body": "Chữ của người khác"}, by=office.people[Role.ADMIN], revision=1)
    answer = officer.post(f"/tin-bai/{post.pk}", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Người khác đã lưu bài này trước bạn" in page
    assert "Chữ của tôi" in page
    assert "Chữ của người khác" in page
    assert Post.objects.get(pk=post.pk).body == "Chữ của người khác"


def test_saving_again_after_seeing_both_is_a_choice(office, officer) -> None:
    post = office.post()
    mine = form_of(post, body="Chữ của tôi")
    edit_post(post, {"body": "Chữ của người khác"}, by=office.people[Role.ADMIN], revision=1)
    shown = officer.post(f"/tin-bai/{post.pk}", mine).context["form"]
    officer.post(f"/tin-bai/{post.pk}", {**mine, "revision": shown["revision"].value()})
    assert Post.objects.get(pk=post.pk).body == "Chữ của tôi"


def test_a_picture_needs_words_for_those_who_cannot_see_it(office, officer, photo: bytes) -> None:
    post = office.post()
    picture = SimpleUploadedFile("anh.jpg", photo, "image/jpeg")
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, picture=picture))
    assert answer.status_code == 422
    assert "Hãy mô tả ảnh" in answer.content.decode()
    assert not post.pictures.exists()


def test_a_picture_is_hung_on_the_post_shown_and_taken_off_again(office, officer, photo: bytes) -> None:
    post = office.post()
    picture = SimpleUploadedFile("anh.jpg", photo, "image/jpeg")
    officer.post(f"/tin-bai/{post.pk}", form_of(post, picture=picture, alt="Ba thùng rác"))
    asset = post.pictures.get()
    assert asset.alt == "Ba thùng rác"
    shown = officer.get(f"/hinh/{asset.sha256[:16]}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    post.refresh_from_db()
    officer.post(f"/tin-bai/{post.pk}", form_of(post, drop=[asset.pk]))
    assert not post.pictures.exists()
    assert Asset.objects.filter(pk=asset.pk).exists()


def test_a_broken_picture_is_refused_but_the_words_are_kept(office, officer) -> None:
    post = office.post()
    picture = SimpleUploadedFile("anh.jpg", b"\xff\xd8 not a picture", "image/jpeg")
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, lead="Câu mới", picture=picture, alt="Ảnh"), follow=True)
    assert "Chữ đã lưu, nhưng ảnh không dùng được" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).lead == "Câu mới"


def test_a_file_that_is_no_picture_is_refused_by_its_name(office, officer) -> None:
    post = office.post()
    picture = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, picture=picture, alt="Ảnh"))
    assert answer.status_code == 422
    assert "Chỉ nhận ảnh JPEG, PNG, WebP hoặc HEIC" in answer.content.decode()


def test_the_preview_shows_words_that_are_not_saved(office, officer) -> None:
    post = office.post()
    answer = officer.post(f"/tin-bai/{post.pk}/xem-truoc", form_of(post, lead="Chưa lưu", title="Tiêu đề chưa lưu"))
    page = answer.content.decode()
    assert "Chưa lưu" in page
    assert "Tiêu đề chưa lưu" in page
    assert Post.objects.get(pk=post.pk).lead == "Rác để riêng từ trong bếp."


def test_the_preview_follows_the_ticked_accounts(office, officer) -> None:
    post = office.post()
    both = form_of(post, accounts=[office.page.pk, office.loudspeaker.pk])
    shown = officer.post(f"/tin-bai/{post.pk}/xem-truoc", both).context["previews"]
    assert [s.account for s in shown] == [office.page, office.loudspeaker]
    none = officer.post(f"/tin-bai/{post.pk}/xem-truoc", form_of(post, accounts=[]))
    assert "Chưa chọn nơi đăng" in none.content.decode()


def test_submitting_saves_first_and_freezes_those_words(office, officer) -> None:
    post = office.post()
    officer.post(f"/tin-bai/{post.pk}", form_of(post, lead="Câu cuối cùng", do="submit"))
    post.refresh_from_db()
    assert post.state == PostState.SUBMITTED
    assert post.versions.get().content["lead"] == "Câu cuối cùng"


def test_what_keeps_a_post_from_being_submitted_is_listed_and_the_words_are_kept(office, officer) -> None:
    post = office.post()
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, body="", accounts=[], do="submit"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bài chưa có nội dung." in page
    assert "Chưa chọn kênh nào để đăng." in page
    post.refresh_from_db()
    assert (post.state, post.body) == (PostState.DRAFT, "")


def test_words_from_a_poor_scan_are_confirmed_by_a_tick(office, officer) -> None:
    post = office.post()
    Post.objects.filter(pk=post.pk).update(unconfirmed=True)
    assert "Tôi đã đọc lại và xác nhận" in officer.get(f"/tin-bai/{post.pk}").content.decode()
    officer.post(f"/tin-bai/{post.pk}", form_of(post, confirmed="on"))
    assert not Post.objects.get(pk=post.pk).unconfirmed


def test_a_submitted_post_opens_for_reading_and_warns_before_editing(office, officer) -> None:
    version = office.submitted()
    place = f"/tin-bai/{version.post_id}"
    assert officer.get(place).context["form"] is None
    assert "sẽ làm quyết định hết hiệu lực" in officer.get(f"{place}?sua").content.decode()


def test_an_auditor_reads_a_post_without_a_form(office) -> None:
    page = office.client(Role.AUDITOR).get(f"/tin-bai/{office.post().pk}?sua")
    assert page.context["form"] is None
    assert 'name="do"' not in page.content.decode()


def test_newer_approved_words_can_be_put_in_the_place_of_older_ones(office, officer) -> None:
    old = office.delivery(State.DELIVERED)
    post = old.version.post
    assert (
        "Chỉ đính chính bằng bản đã duyệt"
        in officer.post(f"/tin-bai/{post.pk}/dinh-chinh", follow=True).content.decode()
    )
    edit_post(Post.objects.get(pk=post.pk), {"body": "Chữ đúng"}, by=post.author, revision=post.revision)
    from publisher.approval.review import submit

    submit(Post.objects.get(pk=post.pk), by=post.author)
    Post.objects.filter(pk=post.pk).update(state=PostState.APPROVED)
    assert officer.get(f"/tin-bai/{post.pk}").context["correctable"]
    officer.post(f"/tin-bai/{post.pk}/dinh-chinh")
    assert Delivery.objects.filter(of=old, action="correct").count() == 1
    assert not officer.get(f"/tin-bai/{post.pk}").context["correctable"]


def test_the_list_finds_posts_by_title_state_and_campaign(office, officer) -> None:
    office.submitted("Diệt bọ gậy")
    found = officer.get("/tin-bai?tim=bọ gậy&trang-thai=submitted").context["slice"].rows
    assert [post.title for post in found] == ["Diệt bọ gậy"]
    none = officer.get(f"/tin-bai?tim=bọ gậy&chien-dich={office.campaign.pk + 1}")
    assert "Không có bài nào khớp" in none.content.decode()


def test_retired_posts_show_only_when_asked_for(office, officer) -> None:
    post = office.post("Bài cũ")
    Post.objects.filter(pk=post.pk).update(state=PostState.RETIRED)
    assert "Bài cũ" not in officer.get("/tin-bai").content.decode()
    assert "Bài cũ" in officer.get("/tin-bai?trang-thai=retired").content.decode()


def test_where_and_when_it_would_go_is_told_beside_the_composer(office, officer) -> None:
    post = office.post(accounts=[office.loudspeaker])
    placement = officer.get(f"/tin-bai/{post.pk}").context["placements"][0]
    assert placement.note == "vào buổi phát kế tiếp"
    assert timezone.localtime(placement.due_at).strftime("%H:%M") in {"07:30", "16:30"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused_and_the_words_are_kept(office, officer, day: str) -> None:
    post = office.post()
    given = form_of(post, title="Tin khác", when="once", day=day, hour="23:59")
    page = officer.post(f"/tin-bai/{post.pk}", given, follow=True)
    assert "Chữ đã lưu, nhưng lịch chưa đổi: Năm" in page.content.decode()
    post.refresh_from_db()
    assert (post.title, Schedule.objects.filter(post=post).exists()) == ("Tin khác", False)


def test_numbers_no_row_can_have_break_nothing(office, officer) -> None:
    post, huge = office.post(), "9" * 30
    assert officer.post(f"/tin-bai/{post.pk}", form_of(post, accounts=[huge])).status_code == 422
    assert officer.post(f"/tin-bai/{post.pk}", form_of(post, drop=[huge, "²"])).status_code == 302
    assert officer.get(f"/tin-bai?chien-dich={huge}").status_code == 200


@pytest.mark.parametrize("cursor", ["0001-01-01T00:00:00%2B14:00~1", "9999-12-31T23:59:59-14:00~1"])
def test_a_place_outside_of_time_answers_404(officer, cursor: str) -> None:
    assert officer.get(f"/tin-bai?sau={cursor}").status_code == 404


def test_a_sign_no_database_keeps_is_turned_away_at_the_door(officer) -> None:
    assert officer.get("/tin-bai?tim=%00").status_code == 400
    assert officer.get("/hinh/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00").status_code == 400
