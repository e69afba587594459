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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import Payload
from channels.errors import Rejected
from channels.page import catalogue, render, search
from channels.page.address import campaign_path, home, is_article_path, sheet_path
from channels.page.catalogue import EVERYTHING, Entry, Listed
from channels.page.frame import Frame, checked, from_json, from_publisher
from channels.standing import marked

FRAME = ".khung.json"
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
        frame = frame_of(site, body["publisher"])
        page = render.article(record, frame, site.base_url)
        record["page_sha256"] = record["deliveries"][-1]["sha256"] = files.digest(page)
        with files.Batch(site.root) as batch:
            for picture in body["pictures"]:
                batch.put(picture["path"], _approved_bytes("Ảnh", picture, media))
            if video := body.get("video"):
                batch.put(video["path"], _approved_bytes("Video", video, media))
            batch.put(path + "index.html", page)
            if announced != path:
                batch.put(announced + "index.html", render.moved(path, frame, site.base_url))
            _put_lists(batch, site, catalogue.replaced(entries, catalogue.entry_of(record)), record, standing)
            batch.put_json(path + "bai.json", record)
    return record


def take_down(site: Site, path: str, at: str) -> Record | None:
    """Puts the notice in the place of the article and takes its words and files away. None: there was no article."""
    with files.locked(site.root):
        before = record_at(site, path)
        if before is None or before["withdrawn"]:
            return before
        kept = {name: before["body"].get(name, "") for name in ("campaign", "theme", "publisher")}
        record: Record = {**before, "withdrawn": at, "body": kept}
        page = render.withdrawn(record, frame_of(site, kept["publisher"]), site.base_url)
        record["page_sha256"] = files.digest(page)
        entries = _entries(site)
        with files.Batch(site.root) as batch:
            batch.put(path + "index.html", page)
            listed = catalogue.replaced(entries, catalogue.entry_of(record))
            _put_lists(batch, site, listed, record, _by_ref(entries, record["ref"]))
            batch.put_json(path + "bai.json", record)
    return record


def lay_out(site: Site, frame: Frame, media: Media) -> None:
    """A site that answers before its first article: home page, style, 404. Harmless on one that already stands."""
    frame = checked(frame)
    with files.locked(site.root), files.Batch(site.root) as batch:
        emblem = _approved_bytes("Ảnh", {**asdict(frame.emblem), "path": ""}, media) if frame.emblem else None
        if frame.emblem and emblem:
            batch.put(frame.emblem.path, emblem)
        for path, data in (render.assets() | render.icons(frame, emblem, site.base_url)).items():
            batch.put(path, data)
        entries = _entries(site)
        batch.put_json(FRAME, frame.to_json())
        _put_fixed(batch, site, entries, frame)
        _put_sheets(batch, site, [catalogue.front(entries)], entries, frame)


def frame_of(site: Site, publisher: Mapping[str, str]) -> Frame:
    """The frame the site was laid out with; a plain one of this publisher when it was not."""
    kept = files.read_json(site.root / FRAME)
    try:
        return checked(from_json(kept)) if kept else checked(from_publisher(publisher))
    except (TypeError, KeyError):
        return checked(from_publisher(publisher))


def rebuild(site: Site) -> int:
    """Makes every page again from the records. Returns how many articles there are."""
    with files.locked(site.root), files.Batch(site.root) as batch:
        records = _records(site)
        entries = [catalogue.entry_of(record) for record in records]
        for record in records:
            make = render.withdrawn if record["withdrawn"] else render.article
            page = make(record, frame_of(site, record["body"]["publisher"]), site.base_url)
            batch.put(record["path"] + "index.html", page)
            batch.put_json(record["path"] + "bai.json", {**record, "page_sha256": files.digest(page)})
        if records:
            frame = frame_of(site, records[-1]["body"]["publisher"])
            _put_frame(batch, site, entries, frame)
            for campaign in {"", *(entry["campaign"] for entry in entries)}:
                listed = catalogue.in_campaign(entries, campaign) if campaign else entries
                _put_sheets(batch, site, catalogue.every_sheet(listed), entries, frame, campaign)
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
    frame = frame_of(site, record["body"]["publisher"])
    _put_frame(batch, site, entries, frame)
    _put_sheets(batch, site, catalogue.touched(entries, record["ref"]), entries, frame)
    campaign = record["body"]["campaign"]
    if campaign:
        sheets = catalogue.touched(catalogue.in_campaign(entries, campaign), record["ref"])
        _put_sheets(batch, site, sheets, entries, frame, campaign)
    if standing and standing["campaign"] not in ("", campaign):
        left = standing["campaign"]
        _put_sheets(batch, site, catalogue.every_sheet(catalogue.in_campaign(entries, left)), entries, frame, left)
    if standing:
        in_use = {path for entry in entries for path in catalogue.files_of(entry)}
        for path in sorted(catalogue.files_of(standing) - in_use):
            batch.drop(path)
    batch.put_json(CATALOGUE, {"version": VERSION, "entries": entries})


def _put_frame(batch: files.Batch, site: Site, entries: list[Entry], frame: Frame) -> None:
    if not (site.root / render.ICON).is_file():
        for path, data in (render.assets() | render.icons(frame, None, site.base_url)).items():
            batch.put(path, data)
    _put_fixed(batch, site, entries, frame)


def _put_fixed(batch: files.Batch, site: Site, entries: list[Entry], frame: Frame) -> None:
    base_url = site.base_url
    batch.put("404.html", render.not_found(frame, base_url))
    batch.put(render.ARCHIVE + "index.html", render.archive(_campaigns(entries), (), (), frame, base_url))
    batch.put(render.HAPPENINGS + "index.html", render.happenings(frame, base_url))
    batch.put(render.CONTACT + "index.html", render.contact(frame, base_url))
    batch.put(render.SEARCH + "index.html", render.search_page(frame, base_url))
    batch.put("robots.txt", render.robots(base_url))
    places = [("", ""), *((known.path, known.updated) for known in _campaigns(entries))]
    places += [(entry["path"], entry["updated"]) for entry in reversed(entries) if not entry["withdrawn"]]
    batch.put("sitemap.xml", render.sitemap_part(places, base_url))
    batch.put("tim/1.json", search.shard(reversed(entries)))
    live = sum(not entry["withdrawn"] for entry in entries)
    batch.put(search.MANIFEST, search.manifest([(1, "", live)]))


def _campaigns(entries: list[Entry]) -> list[Listed]:
    return [Listed("chien-dich", title, campaign_path(title)) for title in catalogue.campaigns(entries)]


def _put_sheets(
    batch: files.Batch,
    site: Site,
    sheets: list[catalogue.Sheet],
    entries: list[Entry],
    frame: Frame,
    campaign: str = "",
) -> None:
    listed = Listed("chien-dich", campaign, campaign_path(campaign)) if campaign else EVERYTHING
    for sheet in sheets:
        if campaign or sheet.number:
            page = render.listing(listed, sheet, frame, site.base_url)
        else:
            page = render.front(sheet, frame, site.base_url, _campaigns(entries), (), ())
        batch.put(sheet_path(listed.path, sheet.number) + "index.html", page)


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
