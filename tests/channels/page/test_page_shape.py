"""What the public page makes of a post, before anything is written."""

import pytest
from lxml import html as lxml_html

from channels.contract import Account
from channels.errors import Unauthorized, Unsupported
from channels.page import Page, article_path, article_url, picture_path
from channels.page.address import campaign_path


def test_the_address_of_an_article_is_known_before_it_stands(office):
    content = office.content(title="Đường Bến Đò: cấm xe tải", ref="x9")
    assert article_path(content) == "bai/duong-ben-do-cam-xe-tai-x9/"
    assert article_url("https://songvang.example", content.title, "x9") == (
        "https://songvang.example/bai/duong-ben-do-cam-xe-tai-x9/"
    )


def test_an_address_announced_before_outlives_a_new_title(office):
    announced = office.content(title="Tên cũ", ref="x9").url
    shaped = office.shape(office.content(title="Tên mới", ref="x9", url=announced))
    assert shaped.body["path"] == "bai/ten-cu-x9/"


@pytest.mark.parametrize(
    "url", ["https://songvang.example/trang/phuong-song-vang/../../x-x9/", "https://la.example/x9/", ""]
)
def test_an_address_that_is_not_ours_is_made_anew(office, url):
    assert office.shape(office.content(title="Tên", ref="x9", url=url)).body["path"] == "bai/ten-x9/"


def test_campaigns_whose_titles_differ_in_marks_only_stay_apart():
    assert campaign_path("Đường sạch") != campaign_path("Dương sách")
    assert campaign_path("!!!").startswith("chien-dich/")
    assert "//" not in campaign_path("!!!")


def test_the_same_content_gives_the_same_digest(office):
    content = office.content(pictures=(office.picture("teal"),))
    assert office.shape(content).digest == office.shape(content).digest
    assert office.shape(content).digest != office.shape(office.content(title="Khác")).digest


def test_the_payload_names_its_pictures_by_their_bytes(office):
    picture = office.picture("teal")
    shaped = office.shape(office.content(pictures=(picture,)))
    assert shaped.body["pictures"] == [
        {
            "sha256": picture.sha256,
            "alt": "Bà con họp tổ dân phố",
            "width": 320,
            "height": 180,
            "media_type": "image/png",
            "path": f"anh/{picture.sha256[:16]}.png",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " \u200b"}, "title"),
        ({"lead": "", "body": "  "}, "body"),
        ({"ref": "../../a"}, "ref"),
        ({"ref": "a b"}, "ref"),
    ],
)
def test_a_post_the_page_cannot_carry_is_unsupported(office, changes, code):
    with pytest.raises(Unsupported) as caught:
        office.shape(office.content(**changes))
    assert caught.value.code == code


def test_a_picture_that_can_hold_scripts_is_unsupported(office):
    from dataclasses import replace

    with pytest.raises(Unsupported, match="JPEG hoặc PNG"):
        picture_path(replace(office.picture("teal"), media_type="image/svg+xml"))


def test_the_preview_shows_the_very_fragment_of_the_page(office):
    content = office.content(pictures=(office.picture("teal"), office.picture("navy")))
    preview = office.channel.preview(office.shape(content), office.account)
    office.send(content)
    shown = lxml_html.fromstring(preview.html)
    stands = lxml_html.fromstring(office.read(article_path(content) + "index.html")).xpath("//article")[0]
    for times in stands.xpath(".//p[@class='times']"):
        times.drop_tree()
    assert shown.text_content().split() == stands.text_content().split()
    assert shown.xpath("//img/@data-sha256") == [p.sha256 for p in content.pictures]
    assert "Bắt đầu từ 7 giờ 30 ngày 22/3.\n\n- Tổ 1" in preview.text


def test_the_preview_warns_of_what_readers_will_miss(office):
    content = office.content(title="Rất dài " * 12, lead="", pictures=(office.picture("teal", alt=""),))
    warnings = office.channel.preview(office.shape(content), office.account).warnings
    assert [w.split(":")[0] for w in warnings] == [
        "Tiêu đề dài 95 ký tự",
        "Bài chưa có phần mở đầu",
        "Có ảnh chưa có lời mô tả",
    ]


def test_an_account_says_what_it_lacks():
    channel = Page()
    assert channel.problems(Account("a", "page", "Trang")) == ["Thiếu thư mục của trang.", "Thiếu địa chỉ công khai."]
    wrong = Account("a", "page", "Trang", {"root": "trang", "base_url": "songvang.example"})
    assert len(channel.problems(wrong)) == 2


def test_an_account_without_settings_is_held(office):
    bare = Account("a", "page", "Trang")
    with pytest.raises(Unauthorized, match="Chưa gửi gì"):
        office.channel.send(office.shape(office.content()), bare, office.desk("d1"))
