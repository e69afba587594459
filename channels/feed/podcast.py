"""The loudspeaker's bulletins as a podcast: `phat-thanh/podcast.xml` beside the public page.

    station = Station(root=site folder, base_url="https://…/trang/<slug>/", show=Show("Phát thanh phường …", …))
    put_cover(station, jpeg_or_png_bytes)                        once, and when the emblem changes
    put_episode(station, Episode(ref, title, words, aired_at, seconds), mp3_bytes, Transcript("text/vtt", vtt_bytes))
    take_out_episode(station, ref)                               the bulletin was withdrawn

Call it once a bulletin was aired. The same call again changes no byte; other sound or words under the same `ref`
replace what stands, and readers keep it as the same episode. What is written:

    phat-thanh/podcast.xml           the newest episodes, newest first; an address for life
    phat-thanh/<sha256[:16]>.mp3     sound, by its content, and .vtt (or .html, .json, .srt) beside it
    phat-thanh/bia.jpg or bia.png    the cover: without one of the office's own, a plain one with the show's title
    phat-thanh/.show.json            the identity of the show, kept from the first episode on
    phat-thanh/.episodes/            one record an episode, hidden from readers

feedgen knows neither today's `itunes:explicit` (true, false) nor the podcast name space, so lxml writes this document.
Formats: https://podcasters.apple.com/support/823-podcast-requirements, https://github.com/Podcastindex-org/podcast-namespace
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from lxml import etree

from channels import files
from channels.errors import Rejected
from channels.feed.address import ascii_url
from channels.feed.cover import COVERS, cover_name, plain_cover
from channels.feed.xml import ATOM, GENERATOR
from channels.standing import ZONE, stamp
from channels.text import nfc

FOLDER = "phat-thanh"
RECORDS = f"{FOLDER}/.episodes"
SHOW = f"{FOLDER}/.show.json"
FEED = f"{FOLDER}/podcast.xml"
NEWEST = 300  # episodes in the document
SOUNDS = {"audio/mpeg": "mp3", "audio/mp4": "m4a"}
TRANSCRIPTS = {"text/vtt": "vtt", "text/html": "html", "application/json": "json", "application/x-subrip": "srt"}
TIMED = {"text/vtt", "application/x-subrip"}  # transcripts that say when each sentence is spoken
REFS = uuid.UUID("0a6b8f7e-5f0b-5c5e-9a37-7e1c2f64c9d2")  # the name space of our bulletins' refs, fixed for life
SHOWS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # that of podcast:guid, given by its specification
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"

_SPACES = {"atom": ATOM, "itunes": ITUNES, "podcast": PODCAST}


@dataclass(frozen=True, slots=True)
class Show:
    """What does not change from one bulletin to the next."""

    title: str
    description: str
    author: str  # the body
    email: str = ""  # asked before the show may be moved to another host; "" says nothing of it
    category: str = "Government"  # one of Apple's


@dataclass(frozen=True, slots=True)
class Station:
    """Where a show stands. `root`: folder of the site, `base_url`: its public address, with its closing slash."""

    root: Path
    base_url: str
    show: Show


@dataclass(frozen=True, slots=True)
class Episode:
    """A bulletin that was aired. `ref` is its stable id, unique among all bodies and fixed for life (a UUID, say)."""

    ref: str
    title: str
    summary: str  # plain words: the contents of the bulletin
    aired_at: datetime  # aware
    seconds: int
    media_type: str = "audio/mpeg"
    link: str = ""  # a page about it; "" is the home page


@dataclass(frozen=True, slots=True)
class Transcript:
    media_type: str  # see TRANSCRIPTS
    data: bytes


@dataclass(frozen=True, slots=True)
class PodcastHead:
    show: Show
    guid: str  # podcast:guid
    home_url: str
    self_url: str  # of the document itself
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Aired:
    """An episode as it stands: what was said of it, and its files."""

    episode: Episode
    sound_url: str
    size: int  # bytes
    transcript_url: str = ""
    transcript_type: str = ""


def put_episode(station: Station, episode: Episode, sound: bytes, transcript: Transcript | None = None) -> Aired:
    """Puts the episode, its sound and its transcript in their places. Raises `Rejected`, `Unavailable`."""
    _check(episode, sound, transcript)
    place = f"{FOLDER}/{files.digest(sound)[:16]}.{SOUNDS[episode.media_type]}"
    record: dict[str, Any] = {
        "ref": episode.ref,
        "title": nfc(episode.title).strip(),
        "summary": nfc(episode.summary).strip(),
        "aired_at": stamp(episode.aired_at),
        "seconds": episode.seconds,
        "media_type": episode.media_type,
        "link": episode.link,
        "sound": place,
        "size": len(sound),
        "transcript": _transcript_place(transcript),
        "transcript_type": transcript.media_type if transcript else "",
    }
    with files.locked(station.root / FOLDER):
        standing = _path_of(station, episode.ref)
        before = files.read_json(station.root / standing) if standing else None
        path = _path(record)
        with files.Batch(station.root) as batch:
            batch.put(place, sound)
            if transcript:
                batch.put(record["transcript"], transcript.data)
            batch.put_json(path, record)
            _put_feed(batch, station, {**_records(station, without=standing), path: record})
            if standing and standing != path:
                batch.drop(standing)
            _drop_files(batch, station, before, keep=record)
    return _aired(record, station.base_url)


def take_out_episode(station: Station, ref: str) -> bool:
    """Takes the episode out of the podcast, its files away. False: it did not stand."""
    with files.locked(station.root / FOLDER):
        standing = _path_of(station, ref)
        if not standing:
            return False
        before = files.read_json(station.root / standing)
        with files.Batch(station.root) as batch:
            _put_feed(batch, station, _records(station, without=standing))
            batch.drop(standing)
            _drop_files(batch, station, before, keep={})
    return True


def put_cover(station: Station, data: bytes) -> str:
    """Puts the picture of the show in its place; returns its address. Raises `Rejected` for one no directory takes."""
    name = cover_name(data)
    with files.locked(station.root / FOLDER), files.Batch(station.root) as batch:
        batch.put(f"{FOLDER}/{name}", data)
        for other in set(COVERS.values()) - {name}:
            batch.drop(f"{FOLDER}/{other}")
        if (station.root / FEED).is_file():
            _put_feed(batch, station, _records(station), cover=name)
    return f"{ascii_url(station.base_url)}{FOLDER}/{name}"


def podcast(head: PodcastHead, episodes: Sequence[Aired]) -> bytes:
    """The RSS 2.0 document with the itunes and podcast name spaces, episodes in the order given. Pure."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=_SPACES)
    channel = etree.SubElement(root, "channel")
    show = head.show
    _say(channel, "title", show.title)
    _say(channel, "link", head.home_url)
    _say(channel, "description", show.description)
    _say(channel, "language", "vi")
    _say(channel, "generator", GENERATOR)
    if episodes:
        _say(channel, "lastBuildDate", _moment(max(aired.episode.aired_at for aired in episodes)))
    link = {"href": head.self_url, "rel": "self", "type": "application/rss+xml"}
    etree.SubElement(channel, f"{{{ATOM}}}link", link)
    _say(channel, f"{{{ITUNES}}}author", show.author)
    _say(channel, f"{{{ITUNES}}}type", "episodic")
    _say(channel, f"{{{ITUNES}}}explicit", "false")
    etree.SubElement(channel, f"{{{ITUNES}}}category", {"text": show.category})
    if head.image_url:
        etree.SubElement(channel, f"{{{ITUNES}}}image", {"href": head.image_url})
    _say(channel, f"{{{PODCAST}}}guid", head.guid)
    _say(channel, f"{{{PODCAST}}}medium", "podcast")
    if show.email:
        owner = etree.SubElement(channel, f"{{{ITUNES}}}owner")
        _say(owner, f"{{{ITUNES}}}name", show.author)
        _say(owner, f"{{{ITUNES}}}email", show.email)
        _say(channel, f"{{{PODCAST}}}locked", "yes", owner=show.email)
    for aired in episodes:
        _item(channel, aired, head.home_url)
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def show_guid(feed_url: str) -> str:
    """`podcast:guid`: UUIDv5 of the feed's address without scheme and closing slashes."""
    return str(uuid.uuid5(SHOWS, re.sub(r"^[a-z]+://", "", feed_url).rstrip("/")))


def episode_guid(ref: str) -> str:
    return f"urn:uuid:{uuid.uuid5(REFS, ref)}"


def _item(channel: etree._Element, aired: Aired, home_url: str) -> None:
    episode = aired.episode
    item = etree.SubElement(channel, "item")
    _say(item, "title", episode.title)
    _say(item, "link", ascii_url(episode.link) if episode.link else home_url)
    _say(item, "description", episode.summary or episode.title)
    _say(item, "guid", episode_guid(episode.ref), isPermaLink="false")
    _say(item, "pubDate", _moment(episode.aired_at))
    sound = {"url": aired.sound_url, "length": str(aired.size), "type": episode.media_type}
    etree.SubElement(item, "enclosure", sound)
    _say(item, f"{{{ITUNES}}}duration", str(episode.seconds))
    _say(item, f"{{{ITUNES}}}explicit", "false")
    _say(item, f"{{{ITUNES}}}episodeType", "full")
    if aired.transcript_url:
        told = {"url": aired.transcript_url, "type": aired.transcript_type, "language": "vi"}
        timed = {"rel": "captions"} if aired.transcript_type in TIMED else {}
        etree.SubElement(item, f"{{{PODCAST}}}transcript", told | timed)


def _say(parent: etree._Element, name: str, words: str, **attributes: str) -> None:
    etree.SubElement(parent, name, attributes).text = words


def _moment(moment: datetime) -> str:
    return format_datetime(moment.astimezone(ZONE))


def _put_feed(batch: files.Batch, station: Station, records: Mapping[str, Mapping[str, Any]], cover: str = "") -> None:
    base = ascii_url(station.base_url)
    kept = files.read_json(station.root / SHOW) or {"guid": show_guid(base + FEED)}
    standing = (name for name in COVERS.values() if (station.root / FOLDER / name).is_file())
    image = cover or next(standing, "") or COVERS["PNG"]
    if not cover and not (station.root / FOLDER / image).is_file():
        batch.put(f"{FOLDER}/{image}", plain_cover(station.show.title))
    head = PodcastHead(station.show, kept["guid"], base, base + FEED, f"{base}{FOLDER}/{image}")
    newest = [records[path] for path in sorted(records, reverse=True)[:NEWEST]]
    batch.put_json(SHOW, kept)
    batch.put(FEED, podcast(head, [_aired(record, base) for record in newest]))


def _aired(record: Mapping[str, Any], base_url: str) -> Aired:
    episode = Episode(
        ref=record["ref"],
        title=record["title"],
        summary=record["summary"],
        aired_at=datetime.fromisoformat(record["aired_at"]),
        seconds=record["seconds"],
        media_type=record["media_type"],
        link=record["link"],
    )
    base = ascii_url(base_url)
    transcript = base + record["transcript"] if record["transcript"] else ""
    return Aired(episode, base + record["sound"], record["size"], transcript, record["transcript_type"])


def _records(station: Station, without: str = "") -> dict[str, dict[str, Any]]:
    """The newest records by path; names sort by the time of airing."""
    names = sorted((station.root / RECORDS).glob("*.json"), reverse=True)[: NEWEST + 1]
    found = {f"{RECORDS}/{path.name}": files.read_json(path) for path in names}
    return {path: record for path, record in found.items() if record and path != without}


def _path(record: Mapping[str, Any]) -> str:
    when = datetime.fromisoformat(record["aired_at"]).astimezone(UTC)
    return f"{RECORDS}/{when:%Y%m%dT%H%M%SZ}-{_mark(record['ref'])}.json"


def _path_of(station: Station, ref: str) -> str:
    found = sorted((station.root / RECORDS).glob(f"*-{_mark(ref)}.json"))
    return f"{RECORDS}/{found[-1].name}" if found else ""


def _mark(ref: str) -> str:
    return uuid.uuid5(REFS, ref).hex


def _drop_files(
    batch: files.Batch, station: Station, before: Mapping[str, Any] | None, keep: Mapping[str, Any]
) -> None:
    """What only the old record named. Two bulletins may share a recording."""
    old = {before[kind] for kind in ("sound", "transcript") if before[kind]} if before else set()
    if unused := old - {keep.get("sound"), keep.get("transcript")}:
        for path in (station.root / RECORDS).glob("*.json"):
            other = files.read_json(path)
            if other and before and other["ref"] != before["ref"]:
                unused -= {other["sound"], other["transcript"]}
    for path_of_old in sorted(unused):
        batch.drop(path_of_old)


def _transcript_place(transcript: Transcript | None) -> str:
    if transcript is None:
        return ""
    return f"{FOLDER}/{files.digest(transcript.data)[:16]}.{TRANSCRIPTS[transcript.media_type]}"


def _check(episode: Episode, sound: bytes, transcript: Transcript | None) -> None:
    if episode.media_type not in SOUNDS or not sound:
        raise Rejected("Bản tin phát thanh chưa có tệp MP3 hoặc M4A: hãy tạo lại âm thanh rồi đưa lên.", code="sound")
    if transcript and transcript.media_type not in TRANSCRIPTS:
        raise Rejected(
            f"Lời của bản tin thuộc loại {transcript.media_type}: hãy dùng VTT hoặc HTML.", code="transcript"
        )
    if not episode.ref or not nfc(episode.title).strip() or episode.aired_at.tzinfo is None or episode.seconds < 1:
        raise Rejected("Bản tin phát thanh thiếu mã, tiêu đề, giờ phát hoặc thời lượng: hãy bổ sung.", code="episode")
