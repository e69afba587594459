"""A whole site made again from its records, and looked at against them.

Work goes in portions, each under the lock of the site and no longer, so that publications go on between them, memory
stays bounded and whoever is killed only has to begin again: what stands already is left alone.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from channels import files
from channels.errors import Unavailable
from channels.page import ahead, catalogue, lists, register, render, search, site
from channels.page.address import sheet_path
from channels.page.frame import Frame, checked, from_publisher
from channels.page.lists import PART, Press, Site
from channels.page.register import Register
from channels.page.site import Record, record_at

ARTICLES = 100  # in one portion
SHEETS = 100
BREATH = 0.002  # seconds between two portions: a publication that waits for the lock gets it
TURN = ".dung-lai"  # folder whose lock the one who rebuilds holds

Progress = Callable[[int, int], None]  # done, total
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the records say. `path` is relative to the site."""

    path: str
    what: str  # in the reader's words


def rebuild(place: Site, progress: Progress = lambda done, total: None, *, wait: bool = True) -> int:
    """Makes every page again from the records, in the frame on disk. Returns how many articles there are.

    Raises `Unavailable` with code "busy" when `wait` is False and somebody else is at it.
    """
    with files.locked(place.root / TURN, wait=wait):
        while True:
            frame = _begin(place)
            count = _make_everything(place, frame, progress)
            if _finish(place, frame):
                return count


def is_rebuilding(place: Site) -> bool:
    """Whether somebody is at it now."""
    if not (place.root / TURN).is_dir():
        return False
    try:
        with files.locked(place.root / TURN, wait=False):
            return False
    except Unavailable as error:
        return error.code == "busy"


def progress_of(place: Site) -> tuple[int, int]:
    """(done, total) of the rebuild under way; (0, 0) when it has not come so far as to know."""
    done, _, total = site.noted(place, "progress").partition("/")
    return (int(done), int(total)) if total else (0, 0)


def _begin(place: Site) -> Frame:
    """Makes the register anew: also what it has wrong without knowing is mended."""
    with files.locked(place.root):
        site.make_register(place)
    frame = site.frame_on_disk(place)
    if frame is None:
        first = next(site.records(place), None)
        frame = checked(from_publisher(first["body"]["publisher"] if first else {}))
    return frame


def _make_everything(place: Site, frame: Frame, progress: Progress) -> int:
    articles, sheets = site.at_work(place, lambda known: (known.size(), list(lists.sheets_of(known))))
    portions = -(-articles // search.SHARD) + -(-articles // PART)
    total, done = articles + len(sheets) + portions + 1, 0

    def step(count: int, act: Callable[[Press], None]) -> None:
        nonlocal done
        done += count
        _portion(place, frame, act, f"{done}/{total}")
        progress(done, total)

    starts = range(0, articles, ARTICLES)
    with ahead.pages(place, frame, starts, articles, ARTICLES) as ready:
        for first, made in ready:
            count = min(ARTICLES, articles - first)
            step(count, lambda press, first=first, made=made: _put_articles(press, first, made))  # type: ignore[misc]
    for some in _in_portions(sheets, SHEETS):
        step(len(some), lambda press, some=some: _put_sheets(press, some))  # type: ignore[misc]
    for number in range(1, -(-articles // search.SHARD) + 1):
        step(1, lambda press, number=number: lists.put_shard(press, number))  # type: ignore[misc]
    for number in range(1, -(-articles // PART) + 1):
        step(1, lambda press, number=number: lists.put_part(press, number))  # type: ignore[misc]
    step(1, _put_rest)
    return articles


def _portion(place: Site, frame: Frame, act: Callable[[Press], None], told: str) -> None:
    def work(known: Register) -> None:
        known.begin()
        with files.Batch(place.root) as batch:
            act(Press(place, frame, known, batch))
        known.note("progress", told)
        known.save()

    site.at_work(place, work)
    time.sleep(BREATH)


def _put_articles(press: Press, first: int, ready: ahead.Pages) -> None:
    """`ready`: pages made before the lock was held, each with the digest of the record it was made from."""
    for path in press.register.paths(first, first + ARTICLES):
        record = record_at(press.site, path)
        if record is None:
            continue
        read, made = ready.get(path, ("", b""))
        if read != site.file_digest(press.site, path + "bai.json"):
            made = ahead.page_of(record, press.frame, press.site)
        press.page(path, made)
        for old in record.get("moved_from", ()):
            press.page(old, render.moved(path, press.frame, press.site.base_url))
        seats = press.register.seats_of(record["ref"])
        kept = {**record, "version": site.VERSION, "seats": seats, "page_sha256": files.digest(made)}
        press.batch.put_json(path + "bai.json", kept)


def _put_sheets(press: Press, some: Iterable[tuple[catalogue.Listed, int]]) -> None:
    for listed, number in some:
        lists.put_sheet(press, press.register.listed(listed.path), number)


def _put_rest(press: Press) -> None:
    lists.put_fixed(press, _emblem(press.site, press.frame))
    press.batch.put_json(site.FRAME, press.frame.to_json())
    lists.put_sheet(press, catalogue.EVERYTHING, 0)
    lists.put_archive(press)
    lists.put_indexes(press)


def _finish(place: Site, frame: Frame) -> bool:
    """Notes what the site was built with. False: meanwhile the frame was changed, and all begins again."""

    def act(known: Register) -> bool:
        if (site.frame_on_disk(place) or frame).mark != frame.mark:
            return False
        current = frame.emblem.path if frame.emblem else ""
        if current:
            known.keep_file(current, "")
        known.note("built", site.built_mark(place, frame))
        known.note("laid_out", site.laid_out_mark(place, site.frame_on_disk(place) or frame))
        known.note("progress", "")
        return True

    return site.at_work(place, act)


def _emblem(place: Site, frame: Frame) -> bytes | None:
    """The emblem as it was laid out; without its bytes the icons show the first letter."""
    if frame.emblem is None:
        return None
    with files.clear_errors(frame.emblem.path):
        path = place.root / frame.emblem.path
        data = path.read_bytes() if path.is_file() else b""
    return data if files.digest(data) == frame.emblem.sha256 else None


def verify(place: Site, progress: Progress = lambda done, total: None) -> list[Fault]:
    """Every record against the bytes of its page and files, and every list against the register. Changes nothing."""
    frame = site.frame_on_disk(place)
    if frame is None:
        return [Fault(site.FRAME, "Trang chưa được dựng, hoặc tệp khung đã hỏng.")]

    def act(known: Register) -> list[Fault]:
        sheets = list(lists.sheets_of(known))
        total, done, listed = known.size() + len(sheets), 0, 0
        found: list[Fault] = []
        for path, record in site.every_record(place):
            found += _faults_of(place, known, record) if record else [Fault(path, "Bản ghi của bài không đọc được.")]
            listed, done = listed + bool(record), done + 1
            progress(min(done, total), total)
        if listed != known.count():
            found.append(Fault(register.NAME, f"Mục lục ghi {known.count()} bài, trên đĩa có {listed} bài."))
        found += _list_faults(place, frame, known, sheets)
        progress(total, total)
        return found

    return site.at_work(place, act)


def _faults_of(place: Site, known: Register, record: Record) -> Iterator[Fault]:
    path = record["path"]
    if site.file_digest(place, path + "index.html") != record["page_sha256"]:
        yield Fault(path + "index.html", "Trang bài không còn đúng như đã ghi.")
    for old in record.get("moved_from", ()):
        if not site.file_digest(place, old + "index.html"):
            yield Fault(old + "index.html", f"Địa chỉ cũ của bài {path} không còn dẫn tới bài.")
    for file, shown in catalogue.files_of(record["body"]).items():
        if site.file_digest(place, file) != shown["sha256"]:
            yield Fault(file, f"Tệp của bài {path} mất hoặc đã khác bản được duyệt.")
    if known.entry(record["ref"]) != catalogue.entry_of(record):
        yield Fault(path + "bai.json", "Mục lục không ghi đúng bài này.")


def _list_faults(
    place: Site, frame: Frame, known: Register, sheets: Iterable[tuple[catalogue.Listed, int]]
) -> Iterator[Fault]:
    with files.Batch(place.root) as batch:  # nothing is put into it
        press = Press(place, frame, known, batch)
        for listed, number in sheets:
            path = sheet_path(listed.path, number) + "index.html"
            if site.file_digest(place, path) != files.digest(lists.sheet_page(press, listed, number)):
                yield Fault(path, "Danh sách không khớp mục lục.")
        emblem = _emblem(place, frame)
        if frame.emblem and emblem is None:
            yield Fault(frame.emblem.path, "Biểu trưng mất hoặc đã khác ảnh được chọn.")
        for path, data in [*lists.fixed(frame, emblem, place.base_url).items(), *lists.indexes(press).items()]:
            if site.file_digest(place, path) != files.digest(data):
                yield Fault(path, "Tệp không còn đúng như đã dựng.")
        for number, mark, count in known.portions("tim"):
            if count and site.file_digest(place, search.shard_path(number))[:8] != mark:
                yield Fault(search.shard_path(number), "Phần tra cứu không khớp mục lục.")
        for number, _, count in known.portions("sitemap"):
            made = lists.part_page(press, number)
            if count and site.file_digest(place, lists.part_path(number)) != files.digest(made):
                yield Fault(lists.part_path(number), "Sơ đồ trang không khớp mục lục.")


def _in_portions(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(itertools.islice(left, size)):
        yield some
