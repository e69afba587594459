"""The site on disk: what one publication writes, under one lock, all of it or nothing.

    .khung.json                     the frame: what every page shows beside its article
    .muc-luc.sqlite3                the register: derived, made again from the records when it is lost
    index.html, tin-cu/<k>/         the newest articles; the older ones by sheets that keep their number
    chien-dich/…/ chu-de/…/ thang/2026-03/    the same for a campaign, a theme, a month
    luu-tru/ su-kien/ lien-he/ tim-kiem/ 404.html    every list, what is coming, whom to ask, the search
    bai/<slug>-<ref>/index.html     the article; bai.json beside it is its record, the source of everything else
    anh/ video/ am-thanh/           <sha256[:16]>.<ext>
    tim/<k>.json, tim/muc-luc.json  the search index
    sitemap.xml, sitemap-<k>.xml, robots.txt, style, script, icons

The record is renamed into place last: where it names a delivery, all the rest of that delivery stands.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from PIL import Image

from channels import files
from channels.contract import Payload
from channels.errors import Rejected, Unavailable
from channels.page import catalogue, lists, register, render
from channels.page.address import is_article_path
from channels.page.frame import Frame, checked, from_json, from_publisher
from channels.page.lists import Press, Site
from channels.page.register import Damaged, Register
from channels.standing import marked

FRAME = ".khung.json"
VERSION = 2
READ = (1, VERSION)  # version 1 named no seats
KEYS = {"ref", "path", "published", "withdrawn", "deliveries", "body", "page_sha256"}

Record = dict[str, Any]
Media = Callable[[str], bytes]
T = TypeVar("T")


def record_at(site: Site, path: str) -> Record | None:
    """The record of the article at `path`; None when none was ever written there, or what stands there is none."""
    return _sound(files.read_json(files.inside(site.root, path + "bai.json")))


def file_digest(site: Site, path: str) -> str:
    """Digest of a file of the site, "" when it is gone."""
    return files.sha256(files.inside(site.root, path))


def path_of_ref(site: Site, ref: str) -> str:
    """Where the article with this ref stands, "" when it does not."""
    if not site.root.is_dir():
        return ""
    return at_work(site, lambda known: known.path_of(ref))


def publish(site: Site, payload: Payload, delivery_ref: str, at: str, media: Media, path: str = "") -> Record:
    """Puts the article in its place: new, again, or corrected. `path`: where it stands, when that is known.

    Raises `Rejected` for an overtaken delivery or a file that is not what was approved, `Unavailable` when nothing
    could be written.
    """
    body = dict(payload.body)

    def act(known: Register) -> Record:
        stands = path or known.path_of(body["ref"]) or body["path"]
        before = record_at(site, stands)
        moved_from = {*(before or {}).get("moved_from", ()), body["path"]} - {stands}
        record: Record = {
            "version": VERSION,
            "ref": body["ref"],
            "path": stands,
            "published": before["published"] if before else at,
            "withdrawn": "",
            "deliveries": marked(before, delivery_ref, payload.digest, at),
            "body": body,
            **({"moved_from": sorted(moved_from)} if moved_from else {}),
        }
        shown = {file: approved_bytes(item, media) for file, item in catalogue.files_of(body).items()}
        page = render.article(record, _frame(site, body["publisher"]), site.base_url)
        record["page_sha256"] = record["deliveries"][-1]["sha256"] = files.digest(page)
        _replace(site, known, before, record, page, shown)
        return record

    return at_work(site, act)


def take_down(site: Site, path: str, at: str) -> Record | None:
    """Puts the notice in the place of the article and takes its words and files away. None: there was no article."""

    def act(known: Register) -> Record | None:
        before = record_at(site, path)
        if before is None or before["withdrawn"]:
            return before
        kept = {name: before["body"].get(name, "") for name in ("campaign", "theme", "publisher")}
        record: Record = {**before, "version": VERSION, "withdrawn": at, "body": kept}
        page = render.withdrawn(record, _frame(site, kept["publisher"]), site.base_url)
        record["page_sha256"] = files.digest(page)
        _replace(site, known, before, record, page, {})
        return record

    return at_work(site, act) if site.root.is_dir() else None


def _replace(
    site: Site, known: Register, before: Record | None, record: Record, page: bytes, shown: Mapping[str, bytes]
) -> None:
    """Puts record and page in their place, with all that follows."""
    frame, held = _frame(site, record["body"]["publisher"]), known.files_of(record["ref"])
    record["seats"] = known.seats_for(record["ref"], catalogue.lists_of(record))
    stood = {listed.path for version in (before, record) if version for listed in catalogue.lists_of(version)}
    seats = [seat for seat in record["seats"] if seat["path"] in stood]
    known.note("pending", json.dumps({"path": record["path"], "seats": seats, "files": sorted(held)}))
    known.begin()
    known.put(record)
    with files.Batch(site.root) as batch:
        for path, data in shown.items():
            batch.put(path, data)
        batch.put(record["path"] + "index.html", page)
        for path in record.get("moved_from", ()):
            batch.put(path + "index.html", render.moved(record["path"], frame, site.base_url))
        press = Press(site, frame, known, batch)
        if not (site.root / FRAME).is_file():
            batch.put_json(FRAME, frame.to_json())
            lists.put_fixed(press, None)
        lists.put_change(press, seats)
        _drop_unused(batch, known, held)
        batch.put_json(record["path"] + "bai.json", record)
    known.note("pending", "")
    known.save()


def _drop_unused(batch: files.Batch, known: Register, held: Iterable[str]) -> None:
    for path in sorted(held):
        if not known.in_use(path):
            batch.drop(path)


def lay_out(site: Site, frame: Frame, media: Media) -> bool:
    """A site that answers before its first article, in this frame. Harmless on one that already stands.

    Says whether every other page stands in it too; where not, `rebuild` is due. Raises `Rejected` for an emblem that
    is lost or no picture.
    """
    frame = checked(frame)
    emblem = approved_bytes({**asdict(frame.emblem), "path": ""}, media) if frame.emblem else None

    def act(known: Register) -> bool:
        known.begin()
        with files.Batch(site.root) as batch:
            if frame.emblem and emblem:
                batch.put(frame.emblem.path, emblem)
                known.keep_file(frame.emblem.path, "")
            batch.put_json(FRAME, frame.to_json())
            press = Press(site, frame, known, batch)
            _put_fixed(press, emblem)
            lists.put_sheet(press, catalogue.EVERYTHING, 0)
            lists.put_archive(press)
            lists.put_indexes(press)
        known.note("laid_out", laid_out_mark(site, frame))
        if not known.size():
            known.note("built", built_mark(site, frame))
        known.save()
        return known.noted("built") == built_mark(site, frame)

    return at_work(site, act)


def _put_fixed(press: Press, emblem: bytes | None) -> None:
    try:
        lists.put_fixed(press, emblem)
    except (OSError, Image.DecompressionBombError) as error:
        message = "Biểu trưng không phải là ảnh đọc được: chọn ảnh khác ở phần Nhận diện."
        raise Rejected(message, code="emblem") from error


def is_laid_out(site: Site, frame: Frame) -> bool:
    """Whether home page, happenings and the other pages of the frame are those of this frame and software. Cheap."""
    wanted = checked(frame)
    return noted(site, "laid_out") == laid_out_mark(site, wanted) and frame_on_disk(site) == wanted


def is_built(site: Site, frame: Frame) -> bool:
    """Whether every page is. Cheap."""
    return noted(site, "built") == built_mark(site, checked(frame))


def laid_out_mark(site: Site, frame: Frame) -> str:
    return f"{frame.digest} {render.form()} {site.base_url}"


def built_mark(site: Site, frame: Frame) -> str:
    return f"{frame.mark} {render.form()} {site.base_url}"


def frame_on_disk(site: Site) -> Frame | None:
    """The frame the site was laid out with; None when it was not, or by nobody we know."""
    kept = files.read_json(site.root / FRAME)
    try:
        return checked(from_json(kept)) if kept else None
    except (TypeError, KeyError, AttributeError, ValueError):
        return None


def approved_bytes(shown: Mapping[str, Any], media: Media) -> bytes:
    """The bytes of a picture, video or recording. Raises `Rejected` where they are not those that were approved."""
    try:
        data = media(shown["sha256"])
    except KeyError:
        data = b""
    if files.digest(data) != shown["sha256"]:
        what = {"image": "Ảnh", "video": "Video", "audio": "Bản đọc"}[str(shown["media_type"]).partition("/")[0]]
        name = shown.get("alt") or shown["path"]
        raise Rejected(
            f"{what} “{name}” không còn trong thư viện hoặc đã khác bản được duyệt: chọn lại {what.lower()}.",
            code="picture",
        )
    return data


def at_work(site: Site, act: Callable[[Register], T]) -> T:
    """Does `act` with the register, alone on the site. A register that cannot be read is made again first."""
    with files.locked(site.root):
        for last in (False, True):
            try:
                with register.opened(site.root) as known:
                    _settle(site, known)
                    return _whole(known, act)
            except Damaged:
                if last:
                    raise
                make_register(site)
    raise AssertionError("unreachable")


def make_register(site: Site) -> None:
    """Hold the lock of the site around it."""
    register.make(site.root, records(site), lambda path: record_at(site, path), lists.note_portions)


def _whole(known: Register, act: Callable[[Register], T]) -> T:
    try:
        return act(known)
    finally:
        with contextlib.suppress(Damaged, Unavailable):
            known.forget()


def _settle(site: Site, known: Register) -> None:
    """What a killed publication left: its record says whether it stands, and its lists are made from that."""
    left = known.noted("pending")
    if not left:
        return
    pending = json.loads(left)
    record = record_at(site, pending["path"])
    known.begin()
    if record and record.get("seats"):
        known.put(record)
    frame = frame_on_disk(site)
    if frame:
        with files.Batch(site.root) as batch:
            lists.put_change(Press(site, frame, known, batch), pending["seats"])
            _drop_unused(batch, known, pending.get("files", ()))
    known.note("pending", "")
    known.save()


def _frame(site: Site, publisher: Mapping[str, str]) -> Frame:
    return frame_on_disk(site) or checked(from_publisher(publisher))


def noted(site: Site, name: str) -> str:
    """What the register keeps under this name, "" when it keeps nothing. Takes no lock."""
    try:
        with register.opened(site.root) as known:
            return known.noted(name)
    except Damaged:
        return ""


def records(site: Site) -> Iterator[Record]:
    """Every record on disk, one after the other, by path."""
    for _, record in every_record(site):
        if record:
            yield record


def every_record(site: Site) -> Iterator[tuple[str, Record | None]]:
    """Every record by the path of its file; None for one that cannot be read."""
    for path in sorted(site.root.glob("bai/*/bai.json")):
        record = _sound(files.read_json(path))
        known = record and record.get("version") in READ and is_article_path(record["path"])
        yield path.relative_to(site.root).as_posix(), record if known else None


def _sound(record: Record | None) -> Record | None:
    return record if record and record.keys() >= KEYS and isinstance(record["body"], dict) else None
