"""The files that follow from the register: sheets of lists, archive, sitemap, search index, and the pages of the frame.

Each takes the open batch and puts into it; nothing is written before that ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels import files
from channels.page import catalogue, render, search
from channels.page.address import home, sheet_path
from channels.page.catalogue import Listed
from channels.page.frame import Frame
from channels.page.register import Register

PART = 1_000  # articles in one part of the sitemap; the protocol allows 50,000
SITEMAP = "sitemap.xml"
KINDS = ("chien-dich", "chu-de", "thang")


@dataclass(frozen=True, slots=True)
class Site:
    root: Path
    base_url: str  # public address of the root

    def url(self, path: str) -> str:
        return home(self.base_url) + path


@dataclass(frozen=True, slots=True)
class Press:
    """What all pages of one act are made with."""

    site: Site
    frame: Frame
    register: Register
    batch: files.Batch

    def page(self, folder: str, data: bytes) -> None:
        self.batch.put(folder + "index.html", data)


def put_change(press: Press, seats: Iterable[Mapping[str, Any]]) -> None:
    """What changes with an article on these seats: as many files on a large site as on a small one."""
    for seat in seats:
        if not press.register.seats(seat["path"]):
            continue  # nothing ever stood there
        listed = press.register.listed(seat["path"])
        for number in catalogue.touched(seat["seat"], press.register.seats(seat["path"])):
            put_sheet(press, listed, number)
        if seat["path"] == "":
            put_shard(press, seat["seat"] // search.SHARD + 1)
            put_part(press, seat["seat"] // PART + 1)
    put_archive(press)
    put_indexes(press)


def put_sheet(press: Press, listed: Listed, number: int) -> None:
    press.page(sheet_path(listed.path, number), sheet_page(press, listed, number))


def sheet_page(press: Press, listed: Listed, number: int) -> bytes:
    register, frame, base_url = press.register, press.frame, press.site.base_url
    sheet = register.sheet(listed.path, number)
    if listed.path or number:
        return render.listing(listed, sheet, frame, base_url)
    return render.front(sheet, frame, base_url, *map(register.lists, KINDS))


def sheets_of(register: Register) -> Iterator[tuple[Listed, int]]:
    """Every sheet of every list."""
    for listed in register.every_list() or [catalogue.EVERYTHING]:
        for number in range(catalogue.last_sheet(register.seats(listed.path)) + 1):
            yield listed, number


def put_archive(press: Press) -> None:
    press.page(render.ARCHIVE, _archive(press))


def _archive(press: Press) -> bytes:
    campaigns, themes, months = map(press.register.lists, KINDS)
    return render.archive(campaigns, themes, months, press.frame, press.site.base_url)


def put_shard(press: Press, number: int) -> None:
    """The part of the search index with these articles, and no file where none of them stands."""
    data = _note_shard(press.register, number)
    _put_or_drop(press, search.shard_path(number), data, keep=bool(data))


def put_part(press: Press, number: int) -> None:
    """The part of the sitemap with these articles, and no file where none of them stands."""
    places = _note_part(press.register, number)
    _put_or_drop(press, part_path(number), render.sitemap_part(places, press.site.base_url), keep=bool(places))


def note_portions(register: Register) -> None:
    """What a register made anew must know of the portions, lest the next publication name its own alone."""
    for number in range(1, -(-register.size() // search.SHARD) + 1):
        _note_shard(register, number)
    for number in range(1, -(-register.size() // PART) + 1):
        _note_part(register, number)


def _note_shard(register: Register, number: int) -> bytes:
    """The bytes of the shard, none where no article stands in it."""
    entries = register.entries((number - 1) * search.SHARD, number * search.SHARD)
    data = search.shard(entries)
    register.put_portion("tim", number, files.digest(data)[:8], len(entries))
    return data if entries else b""


def _note_part(register: Register, number: int) -> list[tuple[str, str]]:
    places = _places(register, number)
    register.put_portion("sitemap", number, max((at for _, at in places), default=""), len(places))
    return places


def part_page(press: Press, number: int) -> bytes:
    """The part of the sitemap with these articles."""
    return render.sitemap_part(_places(press.register, number), press.site.base_url)


def _places(register: Register, number: int) -> list[tuple[str, str]]:
    entries = register.entries((number - 1) * PART, number * PART)
    return [(entry["path"], entry["updated"]) for entry in entries]


def put_indexes(press: Press) -> None:
    """What names the parts: of the search index and of the sitemap."""
    for path, data in _named_parts(press).items():
        press.batch.put(path, data)


def indexes(press: Press) -> dict[str, bytes]:
    """What leads to everything: the archive, and what names the parts."""
    return {render.ARCHIVE + "index.html": _archive(press), **_named_parts(press)}


def _named_parts(press: Press) -> dict[str, bytes]:
    register, base_url = press.register, press.site.base_url
    places = [("", register.listed("").updated)]
    places += [(path, "") for path in (render.ARCHIVE, render.HAPPENINGS, render.CONTACT)]
    places += [(known.path, known.updated) for known in itertools.chain.from_iterable(map(register.lists, KINDS))]
    parts = [(part_path(number), mark) for number, mark, count in register.portions("sitemap") if count]
    return {
        search.MANIFEST: search.manifest(register.portions("tim")),
        part_path(0): render.sitemap_part(places, base_url),
        SITEMAP: render.sitemap_index([(part_path(0), places[0][1]), *parts], base_url),
    }


def put_fixed(press: Press, emblem: bytes | None) -> None:
    """What follows from the frame alone."""
    frame, base_url = press.frame, press.site.base_url
    for path, data in fixed(frame, emblem, base_url).items():
        press.batch.put(path, data)


def fixed(frame: Frame, emblem: bytes | None, base_url: str) -> dict[str, bytes]:
    return {
        **render.assets(),
        **render.icons(frame, emblem, base_url),
        "404.html": render.not_found(frame, base_url),
        "robots.txt": render.robots(base_url),
        render.HAPPENINGS + "index.html": render.happenings(frame, base_url),
        render.CONTACT + "index.html": render.contact(frame, base_url),
        render.SEARCH + "index.html": render.search_page(frame, base_url),
    }


def part_path(number: int) -> str:
    """Part 0 names the lists and pages, the others the articles."""
    return f"sitemap-{number}.xml" if number else "sitemap-trang.xml"


def _put_or_drop(press: Press, path: str, data: bytes, *, keep: bool) -> None:
    if keep:
        press.batch.put(path, data)
    else:
        press.batch.drop(path)
