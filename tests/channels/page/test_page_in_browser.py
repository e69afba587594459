"""The public site in a real browser, behind the web server: on a phone, by keyboard, without script, on paper."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from channels.page.search import folded
from tests.channels.page.sample_site import ROAD, STORM, make, served
from tests.channels.page.site_tools import barriers, html_troubles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
BLACK = (0, 0, 0)


@dataclass(frozen=True)
class Shown:
    folder: Path
    address: str

    def path(self, ref: str) -> str:
        return next(f"bai/{found.name}/" for found in (self.folder / "bai").iterdir() if found.name.endswith("-" + ref))

    @property
    def article(self) -> str:
        """The one with everything: pictures, recording, table, correction."""
        return self.path("a5")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with served(tmp_path_factory.mktemp("site")) as (folder, address):
        make(folder, address, older=14)
        yield Shown(folder, address)


@pytest.fixture
def reader(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`reader(PHONE)`: a new window, that fails the test when a page breaks its policy or its script fails."""
    said: list[str] = []
    contexts = []

    def window(size: dict[str, int] = PHONE, **more: object) -> Page:
        contexts.append(browser.new_context(viewport=size, locale="vi-VN", **more))
        page = contexts[-1].new_page()
        page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield window
    for context in contexts:
        context.close()
    assert said == []


def test_every_kind_of_page_is_valid_html(site: Shown) -> None:
    pages = [page for page in sorted(site.folder.rglob("*.html")) if not re.search(r"-cu[1-9]", page.parent.name)]
    kinds = {path.relative_to(site.folder).parts[0] for path in pages}
    assert kinds >= {"bai", "chien-dich", "chu-de", "thang", "tin-cu", "luu-tru", "su-kien", "lien-he", "tim-kiem"}
    assert html_troubles(pages) == []


@pytest.mark.parametrize(
    ("size", "colours"), [(PHONE, "light"), (DESK, "light"), (PHONE, "dark")], ids=["390", "1280", "390 at night"]
)
def test_nobody_meets_a_barrier(site: Shown, reader, size, colours) -> None:
    page = reader(size, color_scheme=colours, reduced_motion="reduce")
    paths = ("", site.article, "luu-tru/", "lien-he/", "tim-kiem/?q=duong")
    found = {}
    for path in paths if colours == "light" else (paths[0], paths[1], paths[4]):
        page.goto(site.address + path)
        if "q=" in path:
            page.get_by_text("Tìm thấy").wait_for()
        found[path] = barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert {path: told for path, told in found.items() if told} == {}


@pytest.mark.parametrize("path", ["", "thang/2026-03/", "luu-tru/", "su-kien/"])
def test_an_address_in_a_title_makes_no_page_wider_than_the_screen(site: Shown, reader, path: str) -> None:
    page = reader()
    page.goto(site.address + path)
    long = "https://dichvucong.lacan.example/" + "ho-so-" * 30
    named = "main :is(h2, h3) a, main li a, .date :is(h2, h3)"
    lengthen = "(all, long) => all.forEach(one => (one.querySelector('span') || one).append(long))"
    page.eval_on_selector_all(named, lengthen, long)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_what_a_finger_touches_is_large_enough(site: Shown, reader) -> None:
    """44 px, except for links within a sentence: https://www.w3.org/TR/WCAG22/#target-size-enhanced"""
    page = reader(PHONE)
    for path in ("", site.article, "luu-tru/", "lien-he/", "tim-kiem/"):
        page.goto(site.address + path)
        small = page.eval_on_selector_all(
            "a[href]:not(.skip), button, input",
            """all => all.filter(one => one.offsetParent && !one.closest('p, .words, .story, address'))
                 .filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)""",
        )
        assert small == [], path


def test_an_article_is_found_by_words_without_marks_from_the_keyboard_alone(site: Shown, reader) -> None:
    page = reader(PHONE)
    page.goto(site.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.get_by_role("link", name="Tìm kiếm").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/")
    page.locator("#q:focus").wait_for()
    page.keyboard.type("duong ben do")
    page.keyboard.press("Enter")
    told = page.get_by_role("status")
    told.get_by_text("Tìm thấy 1 bài.").wait_for()
    assert page.url.endswith("?q=duong+ben+do")
    link = page.locator("#ket-qua a")
    assert link.inner_text() == ROAD
    assert link.locator("mark").all_inner_texts() == ["đường", "Bến", "Đò"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bai/**")
    assert page.locator("h1").inner_text() == ROAD
    page.go_back()
    page.get_by_role("status").get_by_text("Tìm thấy 1 bài.").wait_for()


def test_a_search_without_an_answer_says_so_and_a_withdrawn_article_is_not_found(site: Shown, reader) -> None:
    page = reader(PHONE)
    page.goto(site.address + "tim-kiem/?q=%22><img src=x>")
    for words in ("tin da rut", "khong-co-tu-nay"):
        page.locator("#q").fill(words)
        page.get_by_role("status").get_by_text("Không tìm thấy bài nào.").wait_for()
    page.locator("#q").fill("?!")
    page.get_by_role("status").get_by_text("Hãy gõ ít nhất một chữ").wait_for()


def answered(told: object, route: Route) -> None:
    route.fulfill(json=told)


def test_older_shards_are_read_only_when_they_are_asked_for(site: Shown, reader) -> None:
    page = reader(PHONE)
    shards = [{"path": f"tim/{number}.json", "mark": "0a", "count": 30} for number in (2, 1)]
    page.route("**/tim/muc-luc.json", partial(answered, {"shards": shards}))
    for number in (1, 2):
        rows = [[f"bai/b{number}/", f"Họp tổ {number}-{row}", "2026-03-01", "hop to"] for row in range(30)]
        page.route(f"**/tim/{number}.json*", partial(answered, {"articles": rows}))
    page.goto(site.address + "tim-kiem/?q=hop")
    page.get_by_text("Tìm thấy 30 bài trong 30 bài mới nhất.").wait_for()
    page.get_by_role("button", name="Tìm tiếp trong các bài cũ hơn").click()
    page.get_by_text("Tìm thấy 60 bài.").wait_for()
    assert page.locator("#ket-qua a").first.inner_text() == "Họp tổ 2-0"


def test_a_lost_connection_is_told_and_the_next_try_succeeds(site: Shown, reader) -> None:
    page = reader(PHONE)
    page.route("**/tim/muc-luc.json", partial(answered, {"shards": None}), times=1)
    page.goto(site.address + "tim-kiem/?q=do")
    page.get_by_role("status").get_by_text("Chưa tải được mục lục").wait_for()
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("status").get_by_text("Tìm thấy").wait_for()


def test_the_browser_folds_words_as_the_index_does(site: Shown, reader) -> None:
    vowels = "aăâeêioôơuưyđ"
    marked = "".join(
        f"{letter}{letter}\u0300{letter}\u0309{letter}\u0303{letter}\u0301{letter}\u0323" for letter in vowels
    )
    texts = [
        ROAD,
        STORM,
        marked,
        marked.upper(),
        string.printable,
        "Nghị quyết số 15/NQ-HĐND “về” 1.600.000.000 đ",
        "２０ ﬁ Ⅳ",
    ]
    page = reader(DESK)
    page.goto(site.address + "tim-kiem/")
    script = page.locator("script[type=module]").get_attribute("src")
    said = page.evaluate("async ([from, texts]) => texts.map((await import(from)).folded)", [script, texts])
    assert said == [folded(text) for text in texts]


def test_without_javascript_all_but_the_search_works(site: Shown, reader) -> None:
    page = reader(PHONE, java_script_enabled=False)
    page.goto(site.address)
    assert page.locator(".alarm a").inner_text() == STORM
    page.get_by_role("link", name="Tin cũ hơn").click()
    page.wait_for_url("**/tin-cu/*/")
    page.get_by_role("link", name="Tất cả tin", exact=True).click()
    page.get_by_role("link", name="Tháng 3/2026").click()
    page.get_by_role("link", name=ROAD).click()
    assert page.locator("h1").inner_text() == ROAD
    page.get_by_role("link", name="Đường sạch, ngõ đẹp").click()
    assert page.get_by_role("link", name=ROAD).is_visible()
    page.get_by_role("link", name="Tìm kiếm").first.click()
    page.locator("noscript p").wait_for()  # words within noscript are no text to Playwright
    assert not page.locator("#q").is_visible()
    page.get_by_role("main").get_by_role("link", name="Tất cả tin bài").click()
    assert page.get_by_role("heading", name="Theo chiến dịch").is_visible()


def test_a_phone_fetches_the_small_new_picture_and_an_old_browser_the_whole_one(site: Shown, reader) -> None:
    page = reader(PHONE)
    fetched: list[str] = []
    page.on("response", lambda answer: fetched.append(answer.url) if "/anh/" in answer.url else None)
    page.goto(site.address + site.article)
    page.wait_for_load_state("networkidle")
    assert fetched
    assert all(url.endswith(".avif") for url in fetched)
    first = page.locator(".article img").first
    offered = page.locator(".article picture source").first.get_attribute("srcset").split(", ")
    assert [form.split()[1] for form in offered] == ["480w", "960w"]
    assert first.evaluate("one => one.currentSrc").endswith(offered[0].split()[0])
    assert first.get_attribute("src").endswith(".jpg")
    assert page.evaluate("performance.getEntriesByType('layout-shift').length") == 0


def test_a_recording_is_offered_and_fetched_only_when_it_is_played(site: Shown, reader) -> None:
    page = reader(PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/am-thanh/" in request.url else None)
    page.goto(site.address + site.article)
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="Nghe bài viết (1 phút 35 giây)").is_visible()
    assert asked == []
    answer = page.request.get(site.address + page.locator("audio").get_attribute("src").partition("vang/")[2])
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/mpeg")


def test_an_article_on_paper_is_its_words_its_address_and_no_menu(site: Shown, reader) -> None:
    page = reader(DESK)
    page.goto(site.address + site.article)
    with pdfplumber.open(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))) as paper:
        said = " ".join(part.extract_text() for part in paper.pages)
        assert len(paper.pages) == 2
        words = [char for part in paper.pages for char in part.chars if char["text"].strip()]
    flat = " ".join(said.split())
    for wanted in (
        "Lịch tiêm chủng mở rộng",
        "Đính chính:",
        "Sổ tiêm chủng của cháu",
        "Ủy ban nhân dân phường Sông Vàng",
    ):
        assert wanted in flat
    assert "(https://yte.example/theo-doi-sau-tiem)" in flat.replace("- ", "-")
    for unwanted in ("Tất cả tin", "Facebook", "Xem các tin khác", "Nghe bài viết"):
        assert unwanted not in flat
    assert {char["text"] for char in words if max(char["non_stroking_color"] or BLACK) > 0.45} == {"P"}  # in the sign
