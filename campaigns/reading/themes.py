"""Which items of the plan are its themes, and which its forms (hình thức): they sit where the plan puts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from campaigns.reading.folding import fold, one_line
from campaigns.reading.headings import about_communication, role_of
from campaigns.reading.items import clean_title
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Item, PlanWarning, Role, Section
from campaigns.reading.sections import ROW_LABEL, Built

Warn = Callable[[PlanWarning], None]
_COMMUNICATES = re.compile(
    r"^(?:tap trung |day manh |tiep tuc |tang cuong |to chuc )?(?:thong tin|tuyen truyen|truyen thong|pho bien|"
    r"van dong|gioi thieu)"
)

_THEME_COLUMN = re.compile(r"(?:noi dung|chu de|chuyen de|thong diep|nhiem vu|cong viec)")
_FORM_COLUMN = re.compile(r"(?:hinh thuc|phuong thuc|kenh|phuong tien|noi dung|hoat dong)")


def find_themes(built: list[Built], title: str | None, warn: Warn) -> tuple[Item, ...]:
    """The themes as a tree; empty, with a warning, where the plan has none that can be told. The tasks of a plan about
    communication (its `title` says so) stand for its themes where it has no section of contents."""
    sections = _theme_sections(built)
    if sections:
        return tuple(item for b in sections for item in _themes_of(b, warn))
    inner = _inner(built, "themes")
    if inner:
        return inner
    tasks = [i for b in built if b.section.role == "tasks" for i in b.section.items or _from_table(b, _THEME_COLUMN)]
    telling = [i for i in tasks if _COMMUNICATES.match(fold(i.title))]
    if tasks and (about_communication(title or "") or _named_contents(built)):
        telling = tasks
    if telling and len(telling) * 2 >= len(tasks):
        warn(
            PlanWarning(
                "themes_from_tasks",
                "Kế hoạch không có mục nội dung riêng; các nhiệm vụ tuyên truyền được lấy làm nội dung.",
                telling[0].source,
            )
        )
        return tuple(telling)
    if section := _telling_section(built):
        warn(
            PlanWarning(
                "themes_from_section",
                f"Kế hoạch không có mục nội dung riêng; các ý trong mục «{section.title}» được lấy làm nội dung, cần "
                "người xem lại.",
                section.source,
            )
        )
        return section.items
    warn(PlanWarning("no_themes", "Không tìm thấy mục nội dung tuyên truyền trong kế hoạch; cần người chỉ ra."))
    return ()


def _telling_section(built: list[Built]) -> Section | None:
    """The one section whose items are mostly communication, or whose title is, where none is named after contents."""
    open_ = [
        b.section for b in built if b.section.role in ("other", "methods") and not b.part.appendix and b.section.items
    ]
    found = [s for s in open_ if 2 * sum(bool(_COMMUNICATES.match(fold(i.title))) for i in s.items) >= len(s.items)]
    found = found or [s for s in open_ if s.role == "other" and about_communication(s.title or "")]
    return found[0] if found else None


def _named_contents(built: list[Built]) -> bool:
    """Whether a section of tasks calls itself contents as well ("Nội dung, nhiệm vụ")."""
    return any(b.section.role == "tasks" and fold(b.section.title or "").startswith("noi dung") for b in built)


def _theme_sections(built: list[Built]) -> list[Built]:
    sections = [b for b in built if b.section.role == "themes" and not b.part.appendix]
    telling = [b for b in sections if about_communication(b.section.title or "")]
    return telling or sections


def _themes_of(built: Built, warn: Warn) -> tuple[Item, ...]:
    items = built.section.items
    parted = [i for i in items if _is_role_heading(i, "themes")]
    others = [i for i in items if _is_role_heading(i, "methods") or _is_role_heading(i, "organisation")]
    if len(parted) == 1 and parted[0].children and (others or len(items) == 1):
        return parted[0].children
    if items:
        return tuple(i for i in items if i not in others)
    rows = _from_table(built, _THEME_COLUMN)
    if rows:
        return rows
    plain = [p for p in built.lead if p.cells is None and len(p.text) > 20 and not p.text.endswith(":")]
    if plain:
        warn(
            PlanWarning(
                "unlabelled_themes",
                "Các nội dung tuyên truyền không được đánh số; mỗi đoạn được lấy làm một nội dung.",
                plain[0].source(),
            )
        )
    return tuple(_plain(p) for p in plain)


def _from_table(built: Built, heading: re.Pattern[str]) -> tuple[Item, ...]:
    """Items that stand in the rows of a table: those of the first column whose head is `heading`, one a row."""
    rows = [p for p in built.part.paragraphs if p.cells]
    if len(rows) < 2 or rows[0].cells is None:
        return ()
    heads = [fold(one_line(c)) for c in rows[0].cells]
    column = next((i for i, head in enumerate(heads) if heading.match(head)), None)
    if column is None:
        return ()
    return tuple(item for row in rows[1:] if (item := _row(row, column)))


def _row(paragraph: Paragraph, column: int) -> Item | None:
    cells = paragraph.cells or ()
    text = one_line(cells[column]) if column < len(cells) else ""
    if not text:
        return None
    first = cells[0].strip(" .)") if column else ""
    label = first if ROW_LABEL.fullmatch(first) else None
    if label is None and re.match(r"(?:tong )?cong\b|tong so", fold(cells[0] or text)):
        return None
    return Item(label, clean_title(text), text, (), paragraph.source(), (paragraph.first.no, paragraph.last.no), label)


def _plain(paragraph: Paragraph) -> Item:
    return Item(
        None,
        clean_title(paragraph.text),
        one_line(paragraph.text),
        (),
        paragraph.source(),
        (paragraph.first.no, paragraph.last.no),
    )


def _is_role_heading(item: Item, role: Role) -> bool:
    """Whether an item is a short heading of that role ("1. Nội dung tuyên truyền"), not a theme that names it."""
    title = item.title
    return len(title.split()) <= 8 and role_of(title) == role and _leads(title, role)


def _leads(title: str, role: Role) -> bool:
    folded = re.sub(r"^(?:ve|cac|mot so|phan)\s+", "", fold(title))
    starts = {
        "themes": r"(?:noi dung|chu de|trong tam)",
        "methods": r"(?:hinh thuc|phuong thuc|bien phap|giai phap|kenh)",
    }
    pattern = starts.get(role, r"(?:to chuc thuc hien|thoi gian|dia diem|doi tuong|phan cong)")
    return bool(re.match(pattern, folded)) and "khac" not in folded.split()


def _inner(built: list[Built], role: Role) -> tuple[Item, ...]:
    """Items under a heading of that role inside another section."""
    for section in (b.section for b in built if not b.part.appendix):
        for item in walk(section.items):
            if item.children and _is_role_heading(item, role):
                return item.children
    return ()


def find_forms(built: list[Built]) -> tuple[Item, ...]:
    """The forms of communication: letters under "Hình thức", else the items of the methods section."""
    for section in (b.section for b in built if b.section.role in ("methods", "themes")):
        for item in section.items:
            if item.children and re.match(r"(?:cac )?h\S{1,3}nh th\S{1,4}c?\b", fold(item.title)):
                return item.children
    methods = [i for b in built if b.section.role == "methods" for i in b.section.items]
    if methods:
        return tuple(methods)
    rows = [i for b in built if b.section.role == "methods" for i in _from_table(b, _FORM_COLUMN)]
    return tuple(rows) or _inner(built, "methods")


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from walk(item.children)
