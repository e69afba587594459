"""What a reader makes of the three files."""

import _locale
import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedgen.util
import feedparser
import pytest
from lxml import etree

from channels.contract import Picture
from channels.feed.address import ascii_url
from channels.feed.xml import MEDIA

BASE = "https://songvang.example/trang/phuong-song-vang/"
PICTURE = Picture("ab" * 32, "image/jpeg", 1200, 675, 54321, "Bà con họp tổ dân phố", BASE + "anh/abababababababab.jpg")
SECOND = replace(
    PICTURE, sha256="cd" * 32, media_type="image/png", size=99, alt="", url=BASE + "anh/cdcdcdcdcdcdcdcd.png"
)


def parsed(newsroom, name):
    read = feedparser.parse((newsroom.root / name).read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    return read


def json_read(newsroom):
    return json.loads((newsroom.root / "feed.json").read_bytes())


def test_rss_atom_and_json_say_the_same_words(newsroom):
    newsroom.send(newsroom.content("a1", "Tin một & <hai>", pictures=(PICTURE,)), "d1")
    newsroom.send(newsroom.content("a2", "“Tin” 'hai'", body="Khác."), "d2", hours=1)
    rss, atom, said = parsed(newsroom, "rss.xml"), parsed(newsroom, "atom.xml"), json_read(newsroom)
    assert (rss.version, atom.version) == ("rss20", "atom10")
    assert rss.feed.title == atom.feed.title == said["title"] == "Ủy ban nhân dân phường Sông Vàng"
    assert rss.feed.link == atom.feed.link == said["home_page_url"] == BASE
    assert rss.feed.subtitle == atom.feed.subtitle == said["description"]
    for in_rss, in_atom, in_json in zip(rss.entries, atom.entries, said["items"], strict=True):
        assert in_rss.id == in_atom.id == in_json["id"]
        assert in_rss.link == in_atom.link == in_json["url"]
        assert in_rss.summary == in_atom.summary == in_json["summary"]
        assert in_rss.content[0].value == in_atom.content[0].value
        assert in_rss.published_parsed == in_atom.published_parsed
        assert in_rss.published_parsed == datetime.fromisoformat(in_json["date_published"]).utctimetuple()
        assert [tag.term for tag in in_rss.tags] == [tag.term for tag in in_atom.tags] == in_json["tags"]
    assert [item["title"] for item in said["items"]] == ["“Tin” 'hai'", "Tin một & <hai>"]


def test_an_rss_title_survives_readers_that_unescape_twice(newsroom):
    newsroom.send(newsroom.content(title="Điện & nước < 5 ngày"))
    assert "<title>Điện &#x26; nước &#x3C; 5 ngày</title>" in (newsroom.root / "rss.xml").read_text()


def test_rss_keeps_to_its_profile(newsroom):
    newsroom.send(newsroom.content(pictures=(PICTURE, SECOND)))
    channel = etree.fromstring((newsroom.root / "rss.xml").read_bytes())[0]
    names = [etree.QName(element).localname for element in channel]
    assert names[-1] == "item"
    assert names.count("link") == 2  # its own and atom:link
    assert channel.findtext("link") == BASE
    self_link = channel.find("{http://www.w3.org/2005/Atom}link")
    assert dict(self_link.attrib) == {"href": BASE + "rss.xml", "rel": "self", "type": "application/rss+xml"}
    assert channel.findtext("language") == "vi"
    item = channel.find("item")
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Fri, 20 Mar 2026 09:05:00 +0700"
    assert channel.findtext("lastBuildDate") == "Fri, 20 Mar 2026 09:05:00 +0700"
    assert [dict(e.attrib) for e in item.findall("enclosure")] == [
        {"url": PICTURE.url, "length": "54321", "type": "image/jpeg"}
    ]
    media = item.findall(f"{{{MEDIA}}}content")
    assert [(m.get("url"), m.get("medium"), m.get("width")) for m in media] == [
        (PICTURE.url, "image", "1200"),
        (SECOND.url, "image", "1200"),
    ]
    assert media[0].findtext(f"{{{MEDIA}}}description") == "Bà con họp tổ dân phố"
    assert item.findtext("description") == "Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch."
    encoded = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert encoded.startswith(f'<p><img src="{PICTURE.url}"')
    assert 'href="https://songvang.example/lich/"' in encoded


def test_atom_links_keep_their_relation(newsroom):
    newsroom.send(newsroom.content(pictures=(PICTURE, SECOND)))
    atom = parsed(newsroom, "atom.xml")
    assert [(link.rel, link.href) for link in atom.feed.links] == [("self", BASE + "atom.xml"), ("alternate", BASE)]
    links = [(link.rel, link.type, link.get("length")) for link in atom.entries[0].links]
    assert links == [
        ("alternate", "text/html", None),
        ("enclosure", "image/jpeg", "54321"),
        ("enclosure", "image/png", "99"),
    ]
    assert atom.entries[0].content[0].type == "text/html"


def test_json_feed_has_exactly_the_keys_of_its_specification(newsroom):
    newsroom.send(newsroom.content(pictures=(PICTURE,)))
    said = json_read(newsroom)
    assert set(said) == {
        *("version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"),
    }
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert said["feed_url"] == BASE + "feed.json"
    item = said["items"][0]
    assert set(item) == {
        *("id", "url", "title", "summary", "content_html", "content_text", "image"),
        *("date_published", "date_modified", "tags", "language", "attachments"),
    }
    assert re.fullmatch(r"2026-03-20T09:05:00\+07:00", item["date_published"])
    assert item["attachments"] == [
        {"url": PICTURE.url, "mime_type": "image/jpeg", "size_in_bytes": 54321, "title": "Bà con họp tổ dân phố"}
    ]
    newsroom.send(newsroom.content("a2", campaign="", theme=""), "d2", hours=1)
    assert not {"image", "tags", "attachments"} & set(json_read(newsroom)["items"][0])


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]></description>"])
def test_an_attack_stays_words_in_every_format(newsroom, attack):
    newsroom.send(newsroom.content(title=attack, lead=attack, body=attack, footer=attack, campaign=attack))
    item = etree.fromstring((newsroom.root / "rss.xml").read_bytes()).find("channel/item")
    assert item.findtext("title") == item.findtext("category") == attack
    entry = etree.fromstring((newsroom.root / "atom.xml").read_bytes()).find("{http://www.w3.org/2005/Atom}entry")
    assert entry.findtext("{http://www.w3.org/2005/Atom}title") == attack
    html = entry.findtext("{http://www.w3.org/2005/Atom}content")
    assert html == item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    tree = etree.fromstring(f"<div>{html}</div>", etree.HTMLParser())
    assert not tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]")
    assert json_read(newsroom)["items"][0]["content_html"] == html


def test_characters_xml_cannot_carry_are_left_out(newsroom):
    newsroom.send(newsroom.content(title="Tin\x00 \x0bmột\ud800", lead="Lời\x1f dẫn\ufffe"))
    assert parsed(newsroom, "rss.xml").entries[0].title == "Tin một"
    assert parsed(newsroom, "atom.xml").entries[0].summary == "Lời dẫn"


def test_addresses_are_ascii():
    assert ascii_url("https://sông.example/đường/?q=Vàng&a=1#mục") == (
        "https://xn--sng-kna.example/%C4%91%C6%B0%E1%BB%9Dng/?q=V%C3%A0ng&a=1#m%E1%BB%A5c"
    )
    assert ascii_url("https://a.example/%C4%91/") == "https://a.example/%C4%91/"


def test_dates_do_not_touch_the_locale_of_the_process(newsroom):
    """feedgen's own formatting sets the locale of the whole process for each date: ours must never call it."""
    calls = []

    def watch(frame, event, called):
        if event == "c_call" and called is _locale.setlocale:
            calls.append(called)

    sys.setprofile(watch)
    try:
        newsroom.send(newsroom.content())
        ours = len(calls)
        feedgen.util.formatRFC2822(newsroom.desk("d1").now)
    finally:
        sys.setprofile(None)
    assert ours == 0
    assert calls, "the watch sees what feedgen does by itself"


def test_dates_are_those_of_the_items_not_of_the_clock(newsroom):
    newsroom.send(newsroom.content())
    head = etree.fromstring((newsroom.root / "rss.xml").read_bytes()).findtext("channel/lastBuildDate")
    assert parsedate_to_datetime(head).astimezone(UTC) == datetime(2026, 3, 20, 2, 5, tzinfo=UTC)


def test_each_format_names_the_hubs_that_tell_of_changes(newsroom):
    named = "https://hub.example/, https://hai.example/?a=1&b=2"
    account = replace(newsroom.account, settings={**newsroom.account.settings, "hubs": named})
    content = newsroom.content()
    newsroom.channel.send(newsroom.shape(content), account, newsroom.desk("d1"))
    hubs = ["https://hub.example/", "https://hai.example/?a=1&b=2"]
    for name in ("rss.xml", "atom.xml"):
        links = parsed(newsroom, name).feed.links
        assert [link.href for link in links if link.rel == "hub"] == hubs
        assert [link.href for link in links if link.rel == "self"] == [BASE + name]
        assert parsed(newsroom, name).feed.link == BASE
    assert json_read(newsroom)["hubs"] == [{"type": "WebSub", "url": hub} for hub in hubs]
    newsroom.send(content)
    assert "hub" not in (newsroom.root / "rss.xml").read_text() + (newsroom.root / "feed.json").read_text()


def test_a_hub_that_is_no_address_is_named_and_never_printed(newsroom):
    wrong = ("hub.example", "ftp://hub.example/", "https://", "http://[1", f"https://hub.example/{'a' * 500}")
    account = replace(newsroom.account, settings={**newsroom.account.settings, "hubs": ", ".join(wrong)})
    problems = newsroom.channel.problems(account)
    assert len(problems) == len(wrong)
    assert all("Hub WebSub" in problem for problem in problems)
    newsroom.channel.send(newsroom.shape(newsroom.content()), account, newsroom.desk("d1"))
    assert 'rel="hub"' not in (newsroom.root / "atom.xml").read_text()
