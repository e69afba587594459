"""The site on disk: what one publication writes, under one lock, all of it or nothing.

    .muc-luc.json                   the catalogue: derived, made again from the records when it is lost
    index.html, tin-cu/<k>/         the newest articles; the older ones by pages that keep their number
    chien-dich/<slug>-<mark>/       the same for one campaign
    bai/<slug>-<ref>/index.html     the article; bai.json beside it is its record, the source of everything else
    anh/<sha256[:16]>.<ext>         pictures
    video/<sha256[:16]>.mp4         videos
    kieu.css  bieu-tuong.svg  404.html  robots.txt  sitemap.xml

The record is renamed into place last: where it names a delivery, all the rest of that delivery stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import Payload, Publisher
from channels.errors import Rejected
from channels.page import catalogue, render
from channels.page.address import home, is_article_path
from channels.page.catalogue import Entry
from channels.standing import marked

CATALOGUE = ".muc-luc.json"
VERSION = 1

Record = dict[str, Any]
Media = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Site:
    root: Path
    base_url: str  # public address of the root


def record_at(site: Site, path: str) -> Record | None:
    """The record of the article at `path`; None when none was ever written there."""
    return files.read_json(files.inside(site.root, path + "bai.json"))


def file_digest(site: Site, path: str) -> str:
    """Digest of the page on disk, "" when it is gone."""
    return files.sha256(files.inside(site.root, path + "index.html"))


def path_of_ref(site: Site, ref: str) -> str:
    """Where the article with this ref stands, "" when it does not."""
    return next((entry["path"] for entry in _entries(site) if entry["ref"] == ref), "")


def publish(site: Site, payload: Payload, delivery_ref: str, at: str, media: Media, path: str = "") -> Record:
    """Puts the article in its place: new, again, or corrected. `path`: where it stands, when that is known.

    Raises `Rejected` for an overtaken delivery or a picture that is not what was approved, `Unavailable` when nothing
    could be written.
    """
    body = dict(payload.body)
    with files.locked(site.root):
        entries = _entries(site)
        announced, standing = body["path"], _by_ref(entries, body["ref"])
        path = path or (standing["path"] if standing else announced)
        before = record_at(site, path)
        record: Record = {
            "version": VERSION,
            "ref": body["ref"],
            "path": path,
            "published": before["published"] if before else at,
            "withdrawn": "",
            "deliveries": marked(before, delivery_ref, payload.digest, at),
            "body": body,
        }
        page = render.article(record, site.base_url)
        record["page_sha256"] = record["deliveries"][-1]["sha256"] = files.digest(page)
        with files.Batch(site.root) as batch:
            for picture in body["pictures"]:
                batch.put(picture["path"], _approved_bytes("Ảnh", picture, media))
            if video := body.get("video"):
                batch.put(video["path"], _approved_bytes("Video", video, media))
            batch.put(path + "index.html", page)
            if announced != path:
                batch.put(announced + "index.html", render.moved(path, site.base_url, body["publisher"]))
            _put_lists(batch, site, catalogue.replaced(entries, catalogue.entry_of(record)), record, standing)
            batch.put_json(path + "bai.json", record)
    return record


def take_down(site: Site, path: str, at: str) -> Record | None:
    """Puts the notice in the place of the article and takes its words and files away. None: there was no article."""
    with files.locked(site.root):
        before = record_at(site, path)
        if before is None or before["withdrawn"]:
            return before
        kept = {"campaign": before["body"]["campaign"], "publisher": before["body"]["publisher"]}
        record: Record = {**before, "withdrawn": at, "body": kept}
        page = render.withdrawn(record, site.base_url)
        record["page_sha256"] = files.digest(page)
        entries = _entries(site)
        with files.Batch(site.root) as batch:
            batch.put(path + "index.html", page)
            listed = catalogue.replaced(entries, catalogue.entry_of(record))
            _put_lists(batch, site, listed, record, _by_ref(entries, record["ref"]))
            batch.put_json(path + "bai.json", record)
    return record


def lay_out(site: Site, publisher: Publisher) -> None:
    """A site that answers before its first article: home page, style, 404. Harmless on one that already stands."""
    body = {"name": publisher.name, "short_name": publisher.short_name, "address": publisher.address}
    body |= {"hotline": publisher.hotline, "email": publisher.email}
    with files.locked(site.root), files.Batch(site.root) as batch:
        entries = _entries(site)
        _put_frame(batch, site, entries, body)
        batch.put("index.html", render.listing(catalogue.front(entries), entries, site.base_url, body))


def rebuild(site: Site) -> int:
    """Makes every page again from the records. Returns how many articles there are."""
    with files.locked(site.root), files.Batch(site.root) as batch:
        records = _records(site)
        entries = [catalogue.entry_of(record) for record in records]
        for record in records:
            make = render.withdrawn if record["withdrawn"] else render.article
            page = make(record, site.base_url)
            batch.put(record["path"] + "index.html", page)
            batch.put_json(record["path"] + "bai.json", {**record, "page_sha256": files.digest(page)})
        if records:
            publisher = records[-1]["body"]["publisher"]
            _put_frame(batch, site, entries, publisher)
            for campaign in {"", *(entry["campaign"] for entry in entries)}:
                listed = catalogue.in_campaign(entries, campaign) if campaign else entries
                _put_sheets(batch, site, catalogue.every_sheet(listed), entries, publisher, campaign)
            batch.put_json(CATALOGUE, {"version": VERSION, "entries": entries})
    return len(records)


def _approved_bytes(what: str, shown: Mapping[str, Any], media: Media) -> bytes:
    try:
        data = media(shown["sha256"])
    except KeyError:
        data = b""
    if files.digest(data) != shown["sha256"]:
        name = shown.get("alt") or shown["path"]
        raise Rejected(
            f"{what} “{name}” không còn trong thư viện hoặc đã khác bản được duyệt: chọn lại {what.lower()}.",
            code="picture",
        )
    return data


def _put_lists(batch: files.Batch, site: Site, entries: list[Entry], record: Record, standing: Entry | None) -> None:
    """The lists this article stands in, or stood in, and what follows from the catalogue."""
    publisher = record["body"]["publisher"]
    _put_frame(batch, site, entries, publisher)
    _put_sheets(batch, site, catalogue.touched(entries, record["ref"]), entries, publisher)
    campaign = record["body"]["campaign"]
    if campaign:
        sheets = catalogue.touched(catalogue.in_campaign(entries, campaign), record["ref"])
        _put_sheets(batch, site, sheets, entries, publisher, campaign)
    if standing and standing["campaign"] not in ("", campaign):
        left = standing["campaign"]
        _put_sheets(batch, site, catalogue.every_sheet(catalogue.in_campaign(entries, left)), entries, publisher, left)
    if standing:
        in_use = {path for entry in entries for path in catalogue.files_of(entry)}
        for path in sorted(catalogue.files_of(standing) - in_use):
            batch.drop(path)
    batch.put_json(CATALOGUE, {"version": VERSION, "entries": entries})


def _put_frame(batch: files.Batch, site: Site, entries: list[Entry], publisher: Mapping[str, Any]) -> None:
    batch.put(render.STYLE, render.style())
    batch.put(render.ICON, render.icon(publisher))
    batch.put("404.html", render.not_found(site.base_url, publisher))
    batch.put("robots.txt", render.robots(site.base_url))
    batch.put("sitemap.xml", render.sitemap(entries, site.base_url))


def _put_sheets(
    batch: files.Batch,
    site: Site,
    sheets: list[catalogue.Sheet],
    entries: list[Entry],
    publisher: Mapping[str, Any],
    campaign: str = "",
) -> None:
    for sheet in sheets:
        page = render.listing(sheet, entries, site.base_url, publisher, campaign)
        batch.put(render.sheet_path(sheet.number, campaign) + "index.html", page)


def _by_ref(entries: list[Entry], ref: str) -> Entry | None:
    return next((entry for entry in entries if entry["ref"] == ref), None)


def _entries(site: Site) -> list[Entry]:
    kept = files.read_json(site.root / CATALOGUE)
    if kept and kept.get("version") == VERSION:
        entries: list[Entry] = kept["entries"]
        return entries
    return [catalogue.entry_of(record) for record in _records(site)]


def _records(site: Site) -> list[Record]:
    """Every record, in the order of publication."""
    found = (files.read_json(path) for path in sorted(site.root.glob("bai/*/bai.json")))
    known = [r for r in found if r and r.get("version") == VERSION and is_article_path(r["path"])]
    return sorted(known, key=lambda record: (record["published"], record["ref"]))


def url_of(site: Site, path: str) -> str:
    return home(site.base_url) + path
