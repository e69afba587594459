"""The page "Làm ảnh": what an officer writes, sees, keeps and prints."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from PIL import Image

from assets.made.models import Style
from assets.models import Asset
from assets.pictures import cleaned
from campaigns.models import PostState
from publisher.approval.happenings import new_happening
from publisher.approval.library import describe, keep, retire
from publisher.console.making_looks import look_of
from publisher.delivery.shaping import media
from publisher.people.rights import Role
from tests.ward import picture

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.console.office import Office

pytestmark = pytest.mark.django_db

LIST = "Ứng dụng làm được nhiều việc.\n\n" + "\n".join(f"- **Việc {number}**: làm tại nhà" for number in range(1, 16))
SERIES = {"kind": "loat", "title": "3 việc cần làm", "look": "river", "size": "square",
          "card": ["Mở máy\nBấm nút bên", "Cài đặt", "Đăng nhập"]}  # fmt: skip
SHEET = {
    "kind": "to-in", "title": "Ba thùng, ba màu", "lead": "Để riêng rác.", "points": "- Rác hữu cơ\n- Rác tái chế",
    "address": "https://songvang.example/bai/rac", "look": "frame", "size": "a5",
}  # fmt: skip


@pytest.fixture
def officer(office: Office) -> Client:
    return office.client(Role.OFFICER)


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def pictures_in(answer: HttpResponse) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'<img src="(/lam-anh/ve[^"]+)"', words(answer))]


def test_a_list_in_a_post_is_proposed_as_a_series_of_cards(officer: Client, office: Office) -> None:
    post = office.post("15 việc của ứng dụng", body=LIST)
    said = words(answer := officer.get(f"/lam-anh?bai={post.pk}"))
    assert "Bài này có danh sách 15 ý" in said
    assert len(re.findall(r'name="card"', said)) == 15
    assert "Việc 7\nLàm tại nhà" in said
    assert len(pictures_in(answer)) == 17  # in two parts, each with a cover
    assert f"/lam-anh?bai={post.pk}" in words(officer.get(f"/tin-bai/{post.pk}"))


def test_previews_are_small_pictures_whose_address_stays_while_the_words_stay(officer: Client) -> None:
    before = pictures_in(officer.post("/lam-anh/xem-truoc", SERIES))
    after = pictures_in(officer.post("/lam-anh/xem-truoc", SERIES | {"card": [*SERIES["card"][:2], "Đổi chữ"]}))
    assert before[:3] == after[:3]
    assert before[3] != after[3]
    answer = officer.get(after[3])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).width == 420


def test_an_address_nobody_gave_out_shows_nothing(officer: Client) -> None:
    address = pictures_in(officer.post("/lam-anh/xem-truoc", SERIES))[0]
    assert officer.get(address[:-3] + "abc").status_code == 404


def test_a_style_is_seen_by_its_own_organisation_only(officer: Client, office: Office) -> None:
    style = Style.objects.create(organisation=office.organisation, name="Riêng", layout="drum", accent="#1f4e8c")
    address = pictures_in(officer.post("/lam-anh/xem-truoc", SERIES | {"look": str(style.pk)}))[0]
    assert officer.get(address).status_code == 200
    stranger = office.client(office.stranger)
    assert stranger.get(address).status_code == 404
    assert "Riêng" not in words(stranger.get("/lam-anh"))
    assert pictures_in(stranger.post("/lam-anh/xem-truoc", SERIES | {"look": str(style.pk)})) == []


def test_a_series_goes_to_the_library_in_order_described_and_once(officer: Client, office: Office) -> None:
    answer = officer.post("/lam-anh", SERIES | {"do": "keep"}, follow=True)
    assert "Đã lưu 4 ảnh vào thư viện" in words(answer)
    kept = list(Asset.objects.filter(kind="picture").order_by("-created_at", "-pk"))
    assert [one.alt for one in kept] == [
        "Bìa loạt 3 thẻ: 3 việc cần làm",
        "Thẻ 1 trên 3: Mở máy. Bấm nút bên",
        "Thẻ 2 trên 3: Cài đặt",
        "Thẻ 3 trên 3: Đăng nhập",
    ]
    assert {(one.source, one.people, tuple(one.missing)) for one in kept} == {("Đồ họa của đơn vị", "none", ())}
    assert all(media().get(one.sha256) for one in kept)
    again = officer.post("/lam-anh", SERIES | {"do": "keep"}, follow=True)
    assert "4 ảnh đã có trong thư viện" in words(again)
    assert Asset.objects.filter(kind="picture").count() == 4


def test_what_was_made_for_a_post_hangs_on_it_in_order(officer: Client, office: Office) -> None:
    version = office.submitted("Đã trình", body=LIST)
    post = version.post
    assert "Gắn ảnh vào bài sẽ làm quyết định hết hiệu lực" in words(officer.get(f"/lam-anh?bai={post.pk}"))
    officer.post("/lam-anh", SERIES | {"post": post.pk, "do": "keep"})
    hung = [link.asset.alt[:7] for link in post.postpicture_set.all()]
    assert hung == ["Bìa loạ", "Thẻ 1 t", "Thẻ 2 t", "Thẻ 3 t"]
    post.refresh_from_db()
    assert post.state == PostState.DRAFT  # what was submitted had other pictures


def test_a_series_too_long_for_a_post_is_parted_and_found_by_its_tag(officer: Client, office: Office) -> None:
    post = office.post()
    given = {"card": [f"Việc {number}" for number in range(1, 12)], "split": "on", "post": post.pk, "do": "keep"}
    answer = officer.post("/lam-anh", SERIES | given, follow=True)
    assert post.pictures.count() == 7
    assert "chia 2 phần" in words(answer)
    assert Asset.objects.filter(tags__contains="loạt: 3 việc cần làm, phần 2").count() == 6


@pytest.mark.parametrize(
    ("do", "left"),
    [
        ("more", ["một", "hai", "ba", ""]),
        ("drop:1", ["một", "ba"]),
        ("up:2", ["một", "ba", "hai"]),
        ("down:0", ["hai", "một", "ba"]),
        ("up:0", ["một", "hai", "ba"]),
        ("drop:99", ["một", "hai", "ba"]),
    ],
)
def test_cards_are_added_dropped_and_moved_without_losing_words(officer: Client, do: str, left: list[str]) -> None:
    said = words(officer.post("/lam-anh", SERIES | {"card": ["một", "hai", "ba"], "do": do}))
    assert re.findall(r'name="card"[^>]*>\n(.*?)</textarea>', said) == left


def test_bad_input_is_told_and_keeps_nothing(officer: Client) -> None:
    answer = officer.post("/lam-anh", SERIES | {"card": ["một", ""], "look": "99", "do": "keep"})
    assert answer.status_code == 422
    assert "Loạt thẻ cần ít nhất 3 thẻ" in words(answer)
    assert not Asset.objects.filter(kind="picture").exists()
    long = officer.post("/lam-anh", SERIES | {"card": ["một", "hai", "chữ " * 200], "do": "keep"})
    assert "Thẻ 3 dài 800 chữ cái" in words(long)
    assert officer.get("/lam-anh?bai=999999").status_code == 404
    assert officer.get(f"/lam-anh?bai={'9' * 40}").status_code == 404
    assert officer.get("/lam-anh?loai=la&bai=x").status_code == 200


def test_a_sheet_is_downloaded_for_print_and_kept_as_a_picture(officer: Client) -> None:
    answer = officer.post("/lam-anh", SHEET | {"do": "pdf", "marks": "on"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a5-ba-thung-ba-mau.pdf"'
    document = pypdfium2.PdfDocument(answer.content)
    assert "Rác tái chế" in document[0].get_textpage().get_text_range()
    document.close()
    officer.post("/lam-anh", SHEET | {"do": "keep"})
    kept = Asset.objects.get(kind="picture")
    assert (kept.alt, kept.height) == ("Tờ in: Ba thùng, ba màu. Để riêng rác. Rác hữu cơ. Rác tái chế", 2000)


def test_a_sheet_for_a_post_carries_the_address_of_its_article(officer: Client, office: Office) -> None:
    post = office.post("15 việc", body=LIST)
    said = words(officer.get(f"/lam-anh?loai=to-in&bai={post.pk}"))
    assert f"-{post.ref}" in re.search(r'name="address" value="([^"]+)"', said)[1]
    assert "Việc 6" in said


def test_a_notice_takes_day_and_place_from_its_happening(officer: Client, office: Office) -> None:
    at = datetime(2026, 12, 5, 14, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    by = office.people[Role.OFFICER]
    happening = new_happening(office.organisation, by=by, title="Đối thoại", starts_at=at, place="Nhà văn hóa")
    answer = officer.get(f"/lam-anh?su-kien={happening.pk}")
    for value in ('value="2026-12-05"', 'value="14 giờ 30"', 'value="Nhà văn hóa"'):
        assert value in words(answer)
    assert "Thông báo: Đối thoại. Thứ Bảy, 05/12/2026" in words(answer)


def test_words_too_long_for_a_picture_are_told_before_they_are_kept(officer: Client) -> None:
    given = {"kind": "thong-bao", "title": "MƯỜI HAI CHỮ HOA " * 11, "day": "2026-12-05", "hour": "GIỜ NÀO " * 7,
             "place": "CHỖ NÀO " * 19, "note": "GHI THÊM " * 17, "look": "river", "size": "link"}  # fmt: skip
    assert "Chữ dài quá cỡ ảnh" in words(officer.post("/lam-anh/xem-truoc", given))
    assert "Không vẽ được ký tự 🎉" in words(officer.post("/lam-anh/xem-truoc", given | {"title": "Mừng 🎉"}))


def test_an_administrator_sets_styles_and_takes_them_back(officer: Client, office: Office) -> None:
    admin = office.client(Role.ADMIN)
    style = {"name": "Tết", "layout": "frame", "accent": "#C62828", "headline": "serif", "footer": "Chúc mừng năm mới"}
    assert "Đã thêm mẫu" in words(admin.post("/lam-anh/mau", style, follow=True))
    made = Style.objects.get()
    assert (made.accent, made.organisation) == ("#c62828", office.organisation)
    assert "Tết: Khung giấy" in words(officer.get("/lam-anh"))
    twice = admin.post("/lam-anh/mau", style | {"accent": "đỏ"})
    assert twice.status_code == 422
    assert "Đã có mẫu tên này" in words(twice)
    assert "Chọn màu bằng ô màu" in words(twice)
    admin.post(f"/lam-anh/mau/{made.pk}", style | {"layout": "drum"})
    assert "Tết: Trống đồng" in words(officer.get("/lam-anh"))
    admin.post(f"/lam-anh/mau/{made.pk}", {"do": "retire"})
    assert "Tết" not in words(officer.get("/lam-anh"))
    assert admin.get(f"/lam-anh/mau/{made.pk}").status_code == 404


def test_people_in_the_photograph_behind_the_words_are_declared_with_the_picture(
    officer: Client, office: Office
) -> None:
    admin = office.client(Role.ADMIN)
    clean, said = cleaned(picture((640, 480))), {"alt": "Sân trường", "source": "Lê Thị Hoa", "people": "none"}
    photo = keep(office.organisation, clean, b"x", by=office.people[Role.OFFICER], children=True, **said).asset
    style = {"name": "Trường", "layout": "photo", "accent": "#c62828", "background": photo.pk}
    assert admin.post("/lam-anh/mau", style).status_code == 422, "nobody wrote of the children's consent"
    describe(photo, {"children_note": "Đơn của 3 gia đình"}, by=None)
    admin.post("/lam-anh/mau", style)
    look = str(Style.objects.get().pk)
    card = {"kind": "the", "title": "Tựu trường", "look": look, "size": "square", "do": "keep"}
    officer.post("/lam-anh", card)
    made = Asset.objects.get(tags="ảnh tự làm")
    assert (made.source, made.children) == ("Đồ họa của đơn vị; ảnh nền: Lê Thị Hoa", True)
    assert made.children_note == "Đơn của 3 gia đình"
    retire(photo, by=office.people[Role.OFFICER])
    assert look_of(office.organisation, look).background == b""


def test_a_place_in_the_series_longer_than_any_number_moves_nothing(officer: Client) -> None:
    assert officer.post("/lam-anh", SERIES | {"do": "drop:" + "9" * 5000}).status_code == 200


@pytest.mark.parametrize(
    "given", [{"kind": "the", "title": "🎉🎉", "look": "river", "size": "square"}, SERIES | {"card": ["a", "🎉", "c"]}]
)
def test_a_picture_without_a_word_that_can_be_drawn_is_not_kept(officer: Client, given: dict[str, object]) -> None:
    answer = officer.post("/lam-anh", given | {"do": "keep"})
    assert answer.status_code == 422
    assert "Không có chữ nào vẽ được" in words(answer)
    assert not Asset.objects.filter(tags__contains="ảnh tự làm").exists()
