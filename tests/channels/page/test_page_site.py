"""The site on disk, after articles were published, corrected and withdrawn."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html

from channels.contract import Payload, Remote, Result
from channels.errors import Rejected
from channels.page import lay_out, rebuild, verify
from channels.page.address import campaign_path, theme_path
from channels.page.catalogue import SHEET
from channels.page.frame import from_publisher
from channels.page.register import NAME
from tests.channels.page.conftest import WARD

BASE = "https://songvang.example/trang/phuong-song-vang/"
ROOT = Path(__file__).parents[3]
FRAME = from_publisher(asdict(WARD))
CAMPAIGN = campaign_path("Vì sức khỏe cộng đồng") + "index.html"
THEME = theme_path("Chăm sóc sức khỏe nhân dân") + "index.html"


def words(office, path):
    return " ".join(lxml_html.fromstring(office.read(path)).xpath("//main")[0].text_content().split())


def addresses(office):
    parts = locations(office, "sitemap.xml")
    return [address for part in parts for address in locations(office, part)]


def links(office, path):
    return lxml_html.fromstring(office.read(path)).xpath("//main//a/@href")


def articles(office, path):
    """The articles a page leads to, in its order."""
    return [link for link in links(office, path) if "/bai/" in link]


def locations(office, path):
    found = etree.fromstring((office.root / path).read_bytes()).xpath("//*[local-name()='loc']/text()")
    return [address.removeprefix(BASE) for address in found]


def test_an_article_stands_with_its_words_its_picture_and_its_proof(office):
    picture = office.picture("teal")
    outcome = office.send(office.content(pictures=(picture,)))
    assert outcome.result is Result.DELIVERED
    assert outcome.permalink == BASE + "bai/lich-tiem-chung-thang-3-a1/"
    page = office.read("bai/lich-tiem-chung-thang-3-a1/index.html")
    assert "Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch." in page
    assert "<strong>7 giờ 30</strong>" in page
    assert '<time datetime="2026-03-20T09:05:00+07:00">20/3/2026 09:05</time>' in page
    assert (office.root / "anh" / f"{picture.sha256[:16]}.png").read_bytes() == office.pictures[picture.sha256]
    proof = next(p for p in outcome.proofs if p.kind == "file")
    assert proof.value == "bai/lich-tiem-chung-thang-3-a1/index.html"
    assert proof.sha256 == hashlib.sha256((office.root / proof.value).read_bytes()).hexdigest()


def test_the_lists_and_the_sitemap_lead_to_the_article(office):
    outcome = office.send(office.content())
    for page in ("index.html", CAMPAIGN, THEME, "thang/2026-03/index.html"):
        assert set(articles(office, page)) == {"/trang/phuong-song-vang/bai/lich-tiem-chung-thang-3-a1/"}
    lists = (CAMPAIGN, THEME, "thang/2026-03/index.html")
    shown = ["", "luu-tru/", "su-kien/", "lien-he/", *(path.removesuffix("index.html") for path in lists)]
    assert addresses(office) == [*shown, outcome.remote_id]
    assert office.read("robots.txt").endswith(f"Sitemap: {BASE}sitemap.xml\n")


def test_every_page_is_a_whole_vietnamese_page_without_a_script_that_runs(office):
    office.withdraw(office.send(office.content("a1", pictures=(office.picture("teal"),))))
    office.send(office.content("a2", "Họp tổ dân phố", pictures=(office.picture("navy"),)), "d2")
    pages = [path for path in office.bytes_on_disk() if path.endswith(".html")]
    assert len(pages) == 11
    for path in pages:
        tree = lxml_html.fromstring(office.read(path))
        assert tree.get("lang") == "vi"
        assert len(tree.xpath("//h1")) == len(tree.xpath("//main[@id='noi-dung']")) == 1
        assert tree.xpath("//a[1]/@href")[0] == "#noi-dung"
        assert tree.xpath("//header and //footer and //title[text()] and //nav[@aria-label]")
        assert not tree.xpath("//script[@type!='application/ld+json' and not(@src)] | //script[not(@type)]")
        assert len(tree.xpath("//script[@src]")) == (path == "tim-kiem/index.html")
        assert not tree.xpath("//style | //@style | //iframe | //@*[starts-with(name(), 'on')]")
        assert all(picture.get("alt") is not None for picture in tree.xpath("//img"))
        assert "default-src 'none'" in tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_links_inside_the_site_lead_to_files_that_stand(office):
    for number in range(SHEET + 3):
        office.send(office.content(f"a{number}", f"Tin số {number}", pictures=(office.picture("teal"),)), f"d{number}")
    office.send(office.content("z1", "Tin riêng", campaign=""), "z1")
    base, missing = "/trang/phuong-song-vang/", []
    for path in [path for path in office.bytes_on_disk() if path.endswith(".html")]:
        page = lxml_html.fromstring(office.read(path))
        for target in page.xpath("//a/@href | //img/@src | //link[@rel!='alternate']/@href"):
            place = target.removeprefix("https://songvang.example").split("?")[0]
            if place.startswith(base):
                file = office.root / place.removeprefix(base)
                missing += [] if (file / "index.html" if place.endswith("/") else file).is_file() else [target]
    assert set(missing) == {
        base + name for name in ("rss.xml", "atom.xml", "feed.json")
    }  # the channel `feed` puts them


def test_shared_links_and_search_engines_are_told_what_the_article_is(office):
    office.send(office.content(pictures=(office.picture("teal"),)))
    tree = lxml_html.fromstring(office.read("bai/lich-tiem-chung-thang-3-a1/index.html"))
    graph = dict(zip(tree.xpath("//meta[@property]/@property"), tree.xpath("//meta[@property]/@content"), strict=True))
    assert graph["og:title"] == "Lịch tiêm chủng tháng 3"
    assert graph["og:description"] == "Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch."
    assert graph["og:url"] == BASE + "bai/lich-tiem-chung-thang-3-a1/"
    assert graph["og:image"].startswith(BASE + "anh/")
    data = json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])
    assert (data["@type"], data["headline"]) == ("NewsArticle", "Lịch tiêm chủng tháng 3")
    assert data["datePublished"] == data["dateModified"] == "2026-03-20T09:05:00+07:00"


def test_sending_the_same_delivery_again_changes_no_byte(office):
    content = office.content(pictures=(office.picture("teal"),))
    first = office.send(content)
    before = office.bytes_on_disk()
    assert office.send(content, hours=5) == first
    assert office.bytes_on_disk() == before


def test_a_delivery_whose_answer_was_lost_is_found_on_disk(office):
    content = office.content()
    assert office.reconcile(content) is None
    sent = office.send(content)
    assert office.reconcile(content) == sent
    assert office.reconcile(content, "d7") is None
    assert office.reconcile(replace(content, lead="Khác")) is None


def test_a_page_changed_behind_our_back_or_left_half_written_is_finished_by_the_look(office):
    content = office.content()
    sent = office.send(content)
    page = office.root / sent.remote_id / "index.html"
    whole = page.read_bytes()
    page.write_bytes(whole + b"<!-- -->")
    assert office.reconcile(content) == sent
    assert page.read_bytes() == whole
    page.unlink()
    assert office.reconcile(content) == sent
    assert page.read_bytes() == whole


def test_a_correction_keeps_the_address_and_says_when_it_came(office):
    first = office.send(office.content(pictures=(office.picture("teal"),)))
    new = office.content(title="Lịch tiêm chủng tháng 4", body="Dời sang ngày 2/4.", pictures=(office.picture("navy"),))
    corrected = office.update(first, new)
    assert corrected.permalink == first.permalink
    said = words(office, first.remote_id + "index.html")
    assert "Đăng lúc 20/3/2026 09:05" in said
    assert "Đính chính: nội dung bài được sửa lúc 21/3/2026 09:05." in said
    assert "Dời sang ngày 2/4." in said
    assert "Tổ 1" not in said
    assert "Lịch tiêm chủng tháng 4" in words(office, "index.html")
    assert len(list((office.root / "anh").iterdir())) == 1


def test_an_address_announced_with_the_correction_leads_to_the_article(office):
    first = office.send(office.content())
    office.update(first, office.content(title="Lịch tiêm chủng tháng 4"))
    tree = lxml_html.fromstring(office.read("bai/lich-tiem-chung-thang-4-a1/index.html"))
    assert tree.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={first.permalink}"]
    assert addresses(office).count(first.remote_id) == 1


def test_the_same_correction_twice_is_one_correction(office):
    first = office.send(office.content())
    office.update(first, office.content(lead="Sửa."))
    before = office.bytes_on_disk()
    office.update(first, office.content(lead="Sửa."), hours=30)
    assert office.bytes_on_disk() == before
    assert office.read(first.remote_id + "index.html").count("Đính chính") == 1


def test_an_overtaken_delivery_brings_no_old_words_back(office):
    first = office.send(office.content())
    office.update(first, office.content(lead="Sửa."))
    with pytest.raises(Rejected, match="Một lượt đăng sau") as caught:
        office.send(office.content())
    assert caught.value.code == "overtaken"
    found = office.reconcile(office.content())
    assert found is not None
    assert found.detail["overtaken"]
    assert "Sửa." in words(office, first.remote_id + "index.html")


def test_an_article_that_moves_to_another_campaign_leaves_the_old_one(office):
    first = office.send(office.content())
    office.update(first, office.content(campaign="Phường số"))
    assert "Chưa có tin bài nào" in words(office, CAMPAIGN)
    assert "Lịch tiêm chủng" in words(office, campaign_path("Phường số") + "index.html")


def test_a_withdrawn_article_leaves_a_notice_and_no_word_of_itself(office):
    first = office.send(office.content(pictures=(office.picture("teal"),)))
    office.send(office.content("b2", "Họp tổ dân phố", lead="Mời họp.", body="Lúc 19 giờ."), "d2")
    gone = office.withdraw(first)
    assert gone.result is Result.DELIVERED
    notice = words(office, first.remote_id + "index.html")
    assert "Bài đã gỡ" in notice
    assert "gỡ lúc 22/3/2026 09:05" in notice
    left = b"".join(office.bytes_on_disk().values()).decode("utf-8", "replace")
    assert "Mời họp." in left
    assert not [said for said in ("Lịch tiêm chủng", "Trạm y tế mời", "Tổ 1") if said in left]
    assert first.remote_id not in addresses(office)
    assert not (office.root / "anh").exists() or not list((office.root / "anh").iterdir())


def test_withdrawing_twice_or_what_never_stood_counts_as_withdrawn(office):
    first = office.send(office.content())
    once = office.withdraw(first)
    before = office.bytes_on_disk()
    assert office.withdraw(first, hours=90) == once
    assert office.bytes_on_disk() == before
    never = Remote("bai/chua-tung-co-q1/", BASE + "bai/chua-tung-co-q1/", "d1", office.desk("d1").due_at)
    assert office.channel.withdraw(never, office.account, office.desk("d3")).result is Result.DELIVERED
    assert not (office.root / "bai/chua-tung-co-q1").exists()


def test_a_late_second_try_does_not_bring_a_withdrawn_article_back(office):
    office.withdraw(office.send(office.content()))
    with pytest.raises(Rejected, match="Bài đã gỡ"):
        office.send(office.content())
    again = office.send(office.content(), "d20", hours=60)
    assert "Lịch tiêm chủng tháng 3" in words(office, again.remote_id + "index.html")


def test_a_picture_two_articles_share_stays_until_both_are_gone(office):
    picture = office.picture("teal")
    one = office.send(office.content("a1", pictures=(picture,)), "d1")
    two = office.send(office.content("b2", pictures=(picture,)), "d2")
    office.withdraw(one)
    assert (office.root / "anh" / f"{picture.sha256[:16]}.png").exists()
    office.withdraw(two)
    assert not (office.root / "anh" / f"{picture.sha256[:16]}.png").exists()


@pytest.mark.parametrize("data", [b"khac", None])
def test_a_picture_that_is_not_what_was_approved_is_not_published(office, data):
    picture = office.picture("teal")
    office.pictures[picture.sha256] = data
    if data is None:
        del office.pictures[picture.sha256]
    with pytest.raises(Rejected, match="Bà con họp tổ dân phố"):
        office.send(office.content(pictures=(picture,)))
    assert set(office.bytes_on_disk()) == {".lock"}
    assert office.send(office.content("b2", "Tin khác"), "d2").result is Result.DELIVERED


ATTACKS = [
    '</title><script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "</script><script>x</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_any_field_stays_words(office, attack):
    picture = office.picture("teal", alt=attack)
    named = replace(office.content().publisher, name=attack, short_name=attack, address=attack, hotline=attack)
    fields = dict.fromkeys(("title", "lead", "body", "footer", "campaign", "theme"), attack)
    sent = office.send(office.content(**fields, publisher=named, pictures=(picture,)))
    for path in [path for path in office.bytes_on_disk() if path.endswith(".html")]:
        tree = lxml_html.fromstring(office.read(path))
        assert not tree.xpath("//script[@type!='application/ld+json' and not(@src)] | //script[not(@type)]")
        assert len(tree.xpath("//script[@src]")) == (path == "tim-kiem/index.html")
        assert not tree.xpath("//@*[starts-with(name(), 'on')]")
        assert not tree.xpath("//img[@src='x']")
    article = lxml_html.fromstring(office.read(sent.remote_id + "index.html"))
    assert article.xpath("string(//h1)") == attack
    assert json.loads(article.xpath("//script/text()")[0])["headline"] == attack


@pytest.mark.parametrize("path", ["../../ngoai/a-a1/", "/etc/a1/", "bai/../a1/", "anh/a1/", "bai/a1", "bai/A B/"])
def test_a_path_out_of_the_site_is_refused(office, tmp_path, path):
    shaped = office.shape(office.content())
    forged = Payload("page", {**shaped.body, "path": path})
    with pytest.raises(Rejected, match="không hợp lệ"):
        office.channel.send(forged, office.account, office.desk("d1"))
    with pytest.raises(Rejected, match="không thuộc trang này"):
        office.channel.withdraw(Remote(path, "", "d1", office.desk("d1").due_at), office.account, office.desk("d2"))
    assert not list(tmp_path.iterdir())


def test_a_correction_of_another_article_is_refused(office):
    first = office.send(office.content())
    with pytest.raises(Rejected, match="là một bài khác"):
        office.update(first, office.content("b2"))
    missing = replace(first, remote_id="bai/khong-co-a1/")
    with pytest.raises(Rejected, match="Không thấy bài gốc"):
        office.update(missing, office.content())


def test_eight_publications_at_once_all_stand_in_the_lists(office):
    failed = []

    def publish(number):
        try:
            office.send(office.content(f"a{number}", f"Tin số {number}"), f"d{number}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for page in ("index.html", CAMPAIGN):
        assert len(set(articles(office, page))) == 8
    assert len(addresses(office)) == 4 + 3 + 8
    assert verify(office.site) == []


def test_old_pages_of_a_list_keep_their_number(office):
    for number in range(SHEET + 1):
        office.send(office.content(f"a{number}", f"Tin số {number}"), f"d{number}", hours=number)
    assert len(set(articles(office, "index.html"))) == SHEET
    assert "/trang/phuong-song-vang/tin-cu/1/" in links(office, "index.html")
    assert articles(office, "tin-cu/1/index.html")[-1] == "/trang/phuong-song-vang/bai/tin-so-0-a0/"
    before = office.bytes_on_disk()
    office.send(office.content("z1", "Tin mới"), "z1", hours=90)
    changed = {path for path, data in office.bytes_on_disk().items() if before.get(path) != data}
    lists = [path.removesuffix("index.html") for path in ("", CAMPAIGN, THEME, "thang/2026-03/")]
    assert changed == {
        *(f"{folder}{sheet}index.html" for folder in lists for sheet in ("", "tin-cu/2/")),
        *("luu-tru/index.html", "sitemap.xml", "sitemap-trang.xml", "sitemap-1.xml", "tim/1.json", "tim/muc-luc.json"),
        *("bai/tin-moi-z1/index.html", "bai/tin-moi-z1/bai.json"),
    }


def test_a_site_answers_before_its_first_article(office):
    lay_out(office.site, FRAME, office.pictures.__getitem__)
    assert "Chưa có tin bài nào" in words(office, "index.html")
    assert "Không tìm thấy trang" in words(office, "404.html")
    assert "12 đường Bến Đò" in office.read("index.html")


def test_everything_can_be_made_again_from_the_records(office):
    for number in range(SHEET + 2):
        office.send(office.content(f"a{number:02}", f"Tin số {number}"), f"d{number}", hours=number)
    office.withdraw(office.send(office.content("z1", "Tin rút"), "z1", hours=50), hours=60)
    before, known = office.bytes_on_disk(), office.register()
    for page in [
        p for p in office.root.rglob("*") if p.is_file() and p.name not in ("bai.json", ".lock", ".khung.json")
    ]:
        page.unlink()
    shutil.rmtree(office.root / "chien-dich")
    assert rebuild(office.site) == SHEET + 3
    assert {**before, ".dung-lai/.lock": b""} == office.bytes_on_disk()
    assert office.register() == known
    assert verify(office.site) == []


def spoil(path):
    path.write_bytes(path.read_bytes()[:4096] + b"x" * 8192)


@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda path: path.write_text("{hỏng"), spoil, lambda path: path.write_text("")]
)
def test_a_register_that_is_lost_or_damaged_is_made_again_from_the_records(office, harm):
    office.send(office.content("a1", "Tin một"), "d1")
    harm(office.root / NAME)
    office.send(office.content("a2", "Tin hai"), "d2", hours=1)
    assert [link.split("/")[-2] for link in articles(office, "index.html")] == ["tin-hai-a2", "tin-mot-a1"]
    assert verify(office.site) == []


def test_a_full_disk_leaves_the_site_as_it_was(office):
    """A limit on the size of files stops the publication after its first files were prepared, as a full disk does."""
    office.send(office.content())
    before = office.bytes_on_disk()
    child = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from conftest import Office
from channels.errors import Unavailable
office = Office(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    office.send(office.content("b2", "Tin thứ hai", pictures=(office.picture("teal"),)), "d2")
except Unavailable as error:
    print(error.message)
"""
    command = [sys.executable, "-B", "-c", child, office.root, Path(__file__).parent]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("Chưa gửi gì: không ghi được “")
    assert office.bytes_on_disk() == before
    assert not (office.root / "bai/tin-thu-hai-b2").exists()
