"""The library in a browser: handed in by dropping, its middle set by touch and keys, picked for a post."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from assets.models import Asset, Kind
from campaigns.models import Post
from tests.console.office import in_library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"width": 390, "height": 844}


def photograph() -> bytes:
    out = io.BytesIO()
    image = Image.merge("RGB", [Image.linear_gradient("L").rotate(turn).resize((1200, 900)) for turn in (0, 90, 180)])
    image.paste("white", (150, 600, 300, 750))
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def dropped(page, data: bytes, name: str) -> None:
    """Lets a file fall into the frame, as a hand does."""
    page.evaluate(
        """([bytes, name]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            const drop = document.querySelector(".drop");
            for (const kind of ["dragover", "drop"])
                drop.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        [list(data), name],
    )


def wider_than_the_window(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_picture_is_dropped_described_its_middle_set_and_picked_for_a_post(
    at_work, office, live_server, said
) -> None:
    page, base = at_work, live_server.url
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{base}/anh")
    page.get_by_label("Nguồn ảnh").fill("Lê Thị Hoa, UBND phường")
    page.get_by_label("Người trong ảnh", exact=False).first.select_option("none")
    dropped(page, b"%PDF-1.7", "don.jpg")
    dropped(page, photograph(), "nha-van-hoa.jpg")
    page.locator(".arriving").get_by_text("không nhận").wait_for()
    page.locator(".arriving").get_by_role("link", name="nha-van-hoa.jpg").click()
    assert wider_than_the_window(page) == 0

    page.get_by_label("Mô tả ảnh").fill("Sân nhà văn hóa tổ 5")
    image = page.locator(".focus img")
    box = image.bounding_box()
    image.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.75})
    mark = page.get_by_role("button", name="Điểm chính")
    mark.press("ArrowRight")
    mark.press("Shift+ArrowUp")
    assert page.get_by_label("Từ trái sang").input_value() == "21"
    assert page.get_by_label("Từ trên xuống").input_value() == "65"
    assert page.locator("[data-crop] canvas").count() == 1, "drawn anew at once"
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu. Ảnh dùng được.").wait_for()
    asset = Asset.objects.get(organisation=office.organisation, kind=Kind.PICTURE)
    assert (asset.focus, asset.missing) == ((0.21, 0.65), [])

    post, other = office.post(), in_library(office)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{base}/tin-bai/{post.pk}")
    page.get_by_role("link", name="Chọn từ thư viện ảnh").click()
    page.get_by_role("checkbox", name=other.alt).wait_for()
    page.get_by_label("Tìm ảnh").fill("san nha")
    page.get_by_role("button", name="Tìm ảnh").click()
    page.get_by_role("checkbox", name=other.alt).wait_for(state="detached")
    page.get_by_role("checkbox", name="Sân nhà văn hóa tổ 5").check()
    page.get_by_role("button", name="Lưu nháp").click()
    page.get_by_text("Đã lưu.", exact=True).wait_for()
    assert list(Post.objects.get(pk=post.pk).pictures.all()) == [asset]
    assert not [words for words in said if "Security Policy" in words]
