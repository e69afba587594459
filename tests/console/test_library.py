"""The library of pictures in the console: handed in, described, found, picked for a post, retired, never lost."""

from __future__ import annotations

import errno
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assets.models import Asset, Kind, Rendition
from assets.pictures import cleaned
from campaigns.models import Post
from publisher.approval.drafting import attach_asset
from publisher.approval.library import keep
from publisher.approval.review import approve, submit
from publisher.delivery.shaping import media
from publisher.events.models import Event
from publisher.people.rights import Role
from tests.console.test_posts import form_of
from tests.ward import picture

WORDS = {"source": "Lê Thị Hoa, UBND phường", "people": "none"}


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def file(data: bytes, name: str = "nha-van-hoa.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def in_library(office, data: bytes | None = None, **words: object) -> Asset:
    data = data or picture()
    return keep(office.organisation, cleaned(data), data, by=office.people[Role.OFFICER], **words).asset


def described(office, **words: object) -> Asset:
    return in_library(office, **{"alt": "Nhà văn hóa tổ 5 bên đường", **WORDS, **words})


def words_of(page) -> str:
    return page.content.decode()


def located(name: str) -> bytes:
    """The same picture with a place and a camera in its file."""
    exif = Image.Exif()
    exif[0x010F] = name
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 30.0)
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "PNG", exif=exif)
    return out.getvalue()


def test_pictures_are_handed_in_together_and_the_bad_one_keeps_no_other_out(office, officer) -> None:
    given = {"files": [file(picture()), file(b"%PDF-1.7", "don.jpg"), file(picture(color="red"), "bep.jpg")], **WORDS}
    page = words_of(officer.post("/anh", {**given, "tags": "tổ 5,  tổ 5, bếp ăn"}, follow=True))
    rows = Asset.objects.filter(organisation=office.organisation, kind=Kind.PICTURE)
    assert {row.name for row in rows} == {"nha-van-hoa.jpg", "bep.jpg"}
    assert {(row.source, row.people, row.tags) for row in rows} == {(WORDS["source"], "none", "tổ 5, bếp ăn")}
    assert "don.jpg: Tệp không phải ảnh" in page
    assert "2 ảnh cần bổ sung" in page, "nobody has said yet what they show"


def test_the_original_is_kept_as_it_was_and_only_for_those_who_write(office, officer) -> None:
    data = located("Camera of somebody")
    officer.post("/anh", {"files": [file(data, "IMG 0001.png")], **WORDS})
    asset = Asset.objects.get(organisation=office.organisation, kind=Kind.PICTURE)
    assert b"somebody" not in media().get(asset.sha256)
    answer = officer.get(f"/anh/{asset.pk}/goc")
    assert (answer.content, answer.headers["Content-Type"]) == (data, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert officer.get(f"/hinh/{asset.original_sha256[:16]}").status_code == 404, "nothing shows or publishes it"


def test_the_same_picture_in_another_file_leads_to_the_one_that_is_there(office, officer) -> None:
    first = officer.post("/anh", {"files": [file(located("A"), "mot.png")], **WORDS})
    bare = io.BytesIO()
    Image.open(io.BytesIO(located("A"))).convert("RGB").save(bare, "WEBP", lossless=True)
    for again in (located("A"), located("Another camera"), bare.getvalue()):
        page = officer.post("/anh", {"files": [file(again, "hai.png")]}, follow=True)
        assert page.redirect_chain[-1][0] == first.headers["Location"]
        assert "đã có trong thư viện" in words_of(page)
    assert Asset.objects.filter(organisation=office.organisation, kind=Kind.PICTURE).count() == 1


def test_the_script_hears_of_one_file_what_became_of_it(officer) -> None:
    heard = officer.post("/anh", {"files": [file(picture())]}, headers={"X-Progress": "1"})
    assert heard.status_code == 200
    assert "đã thêm" in words_of(heard)
    assert "bổ sung mô tả ảnh, nguồn ảnh, có nhận ra được ai" in words_of(heard)
    assert "<html" not in words_of(heard)
    refused = officer.post("/anh", {"files": [file(b"<svg/>", "logo.svg")]}, headers={"X-Progress": "1"})
    assert (refused.status_code, "SVG" in words_of(refused)) == (422, True)
    assert officer.post("/anh", {}, headers={"X-Progress": "1"}).status_code == 422


def test_what_is_written_beside_a_picture_is_kept_told_and_noted(office, officer) -> None:
    asset = in_library(office)
    given = {"alt": "Các em nhỏ  tập bơi", **WORDS, "people": "public", "children": "on", "focus_x": 20, "focus_y": 75}
    page = words_of(officer.post(f"/anh/{asset.pk}", given, follow=True))
    asset.refresh_from_db()
    assert (asset.alt, asset.focus, asset.children) == ("Các em nhỏ tập bơi", (0.2, 0.75), True)
    assert "còn thiếu ghi chú về người trong ảnh" in page
    assert "sự đồng ý của trẻ và của cha, mẹ" in page
    given |= {"people_note": "Hội thao ngày 2/9", "children_note": "Bản đồng ý của 4 gia đình, 30/8/2026"}
    assert "Ảnh dùng được" in words_of(officer.post(f"/anh/{asset.pk}", given, follow=True))
    assert Event.objects.filter(subject=f"asset:{asset.pk}", kind="picture.described").count() == 2


@pytest.mark.parametrize("focus", [{"focus_x": 101}, {"focus_y": -1}, {"focus_x": ""}, {"focus_y": "giữa"}])
def test_a_middle_outside_of_the_picture_is_refused(office, officer, focus) -> None:
    asset = described(office)
    answer = officer.post(f"/anh/{asset.pk}", {"alt": "Khác", "focus_x": 50, "focus_y": 50, **focus})
    assert answer.status_code == 422
    asset.refresh_from_db()
    assert (asset.alt, asset.focus) == ("Nhà văn hóa tổ 5 bên đường", (0.5, 0.5))


def test_the_search_finds_words_without_their_marks(office, officer) -> None:
    described(office)
    in_library(office, picture(color="red"), alt="Bếp ăn", tags="trường học", name="IMG_7.jpg")
    for asked, found in (("duong", 1), ("ĐƯỜNG nha", 1), ("truong hoc", 1), ("img_7", 1), ("biển", 0), ("", 2)):
        page = words_of(officer.get("/anh", {"tim": asked}))
        assert page.count('class="thumb"') == found, asked


def test_the_shelf_is_cut_by_what_is_asked(office, officer) -> None:
    ours = {"co-bai": described(office), "thieu": in_library(office, picture(color="red"), alt="Bếp ăn")}
    ours["ngung"] = described(office, data=picture(color="olive"), alt="Sân cũ")
    attach_asset(office.post(), ours["co-bai"], by=office.people[Role.OFFICER])
    officer.post(f"/anh/{ours['ngung'].pk}/ngung")
    for which, asset in ours.items():
        page = words_of(officer.get("/anh", {"loai": which}))
        assert page.count('class="thumb"') == 1, which
        assert f'href="/anh/{asset.pk}"' in page, which
    assert words_of(officer.get("/anh")).count('class="thumb"') == 2
    assert words_of(officer.get("/anh?loai=chua-bai")).count('class="thumb"') == 1


def test_a_long_shelf_goes_on_behind_a_link(office, officer) -> None:
    row = described(office)
    for number in range(41):
        row.pk, row.sha256, row.pixels = None, f"{number:064d}", f"{number:064d}"
        row.save(force_insert=True)
    page = officer.get("/anh")
    rest = officer.get("/anh", {"sau": page.context["slice"].after})
    assert (len(page.context["slice"].rows), len(rest.context["slice"].rows)) == (40, 2)


def test_a_picture_is_picked_for_a_post_and_kept_ticked_through_a_search(office, officer) -> None:
    asset, other = described(office), described(office, data=picture(color="red"), alt="Bếp ăn")
    post = office.post()
    found = words_of(officer.get("/anh/chon", {"tim": "bep", "pick": asset.pk}))
    assert f'value="{asset.pk}" checked' in found
    assert f'value="{other.pk}"' in found
    officer.post(f"/tin-bai/{post.pk}", form_of(post, pick=[asset.pk, "9" * 40, "x"]))
    assert list(Post.objects.get(pk=post.pk).pictures.all()) == [asset]
    assert f'href="/tin-bai/{post.pk}"' in words_of(officer.get(f"/anh/{asset.pk}"))


def test_the_picker_opens_without_scripts_too(office, officer) -> None:
    asset = described(office)
    for address in (f"/tin-bai/{office.post().pk}?sua&chon", "/tin-bai/moi?chon"):
        assert f'name="pick" value="{asset.pk}"' in words_of(officer.get(address)), address


def test_a_picture_of_another_office_is_never_picked_shown_or_found(office, officer) -> None:
    asset, post = described(office), office.post()
    stranger = office.client(office.stranger)
    assert "Nhà văn hóa" not in words_of(stranger.get("/anh")) + words_of(stranger.get("/anh/chon"))
    theirs = Asset.objects.get(pk=asset.pk)
    theirs.pk, theirs.organisation = None, office.stranger.members.first().organisation
    theirs.save(force_insert=True)
    officer.post(f"/tin-bai/{post.pk}", form_of(post, pick=[theirs.pk]))
    assert not Post.objects.get(pk=post.pk).pictures.exists()
    for way in ("", "/nho", "/goc"):
        assert officer.get(f"/anh/{theirs.pk}{way}").status_code == 404, way


def test_a_post_waits_until_its_picture_is_described_and_says_where(office, officer) -> None:
    post, asset = office.post(), in_library(office, alt="Sân trường")
    attach_asset(post, asset, by=office.people[Role.OFFICER])
    page = words_of(officer.post(f"/tin-bai/{post.pk}", form_of(Post.objects.get(pk=post.pk), do="submit")))
    assert "Ảnh “Sân trường” còn thiếu nguồn ảnh, có nhận ra được ai trong ảnh hay không" in page
    assert f'href="/anh/{asset.pk}"' in page
    officer.post(f"/anh/{asset.pk}", {"alt": "Sân trường", **WORDS, "focus_x": 50, "focus_y": 50})
    assert officer.post(f"/tin-bai/{post.pk}", form_of(Post.objects.get(pk=post.pk), do="submit")).status_code == 302


def test_a_retired_picture_is_offered_no_more_and_stays_where_it_is(office, officer) -> None:
    post, asset = office.post(), described(office)
    attach_asset(post, asset, by=office.people[Role.OFFICER])
    officer.post(f"/anh/{asset.pk}/ngung")
    assert f'value="{asset.pk}"' not in words_of(officer.get("/anh/chon"))
    page = words_of(officer.post(f"/tin-bai/{post.pk}", form_of(Post.objects.get(pk=post.pk), do="submit")))
    assert "đã ngừng dùng" in page
    assert asset.sha256 in media()
    officer.post(f"/anh/{asset.pk}/dung-lai")
    assert officer.post(f"/tin-bai/{post.pk}", form_of(Post.objects.get(pk=post.pk), do="submit")).status_code == 302


def test_the_page_of_a_picture_shows_what_each_channel_gets_around_its_middle(office, officer) -> None:
    asset = described(office, data=picture((1600, 1600)), focus_x=0.1)
    page = words_of(officer.get(f"/anh/{asset.pk}"))
    assert 'data-crop="1200x630"' in page
    cut = Rendition.objects.get(of=asset, needs__startswith="share").asset
    assert (cut.kind, cut.width, cut.height) == (Kind.RENDITION, 1200, 630)
    assert "Trang công khai" in page
    assert Rendition.objects.filter(of=asset, needs="share image/jpeg 1200x630 0.100,0.500").exists()
    officer.get(f"/anh/{asset.pk}")
    assert Rendition.objects.filter(of=asset, needs__startswith="share").count() == 1, "made once"


def test_pictures_from_before_the_library_are_listed_as_wanting(office, officer) -> None:
    old = in_library(office, alt="Ảnh cũ")
    Asset.objects.filter(pk=old.pk).update(source="", people="", original_sha256="", pixels="")
    assert "Ảnh cũ" in words_of(officer.get("/anh?loai=thieu"))
    page = words_of(officer.get(f"/anh/{old.pk}"))
    assert "hãy bổ sung: nguồn ảnh" in page
    assert "Tải tệp gốc" not in page


def test_a_picture_lost_from_the_store_is_told_on_its_page(office, officer) -> None:
    asset = described(office)
    media().path(asset.sha256).unlink()
    assert "không còn trong kho" in words_of(officer.get(f"/anh/{asset.pk}"))
    assert officer.get(f"/anh/{asset.pk}/nho").status_code in (200, 404)
    officer.post("/anh", {"files": [file(picture())]})
    assert asset.sha256 in media(), "handed in again, it is there again"


def test_whoever_retires_a_picture_hears_of_posts_that_are_yet_to_go_out_with_it(office, officer) -> None:
    by, asset = office.people[Role.OFFICER], described(office)
    post = office.post()
    attach_asset(post, asset, by=by)
    version = submit(Post.objects.get(pk=post.pk), by=by)
    approve(version, by=office.people[Role.APPROVER], digest=version.digest)
    page = words_of(officer.post(f"/anh/{asset.pk}/ngung", follow=True))
    assert f"1 bài đã duyệt có ảnh này sắp đăng: “{post.title}”" in page


def test_a_full_disk_loses_nothing_of_the_words_beside_a_picture(office, officer, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("assets.guarded.subprocess.run", full)
    post = office.post()
    page = officer.post(f"/tin-bai/{post.pk}", form_of(post, title="Chữ mới", picture=file(picture()), alt="Sân"))
    assert page.status_code == 302
    assert "ảnh thì chưa: No space left" in words_of(officer.get(page.url))
    assert Post.objects.get(pk=post.pk).title == "Chữ mới"
