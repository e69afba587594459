"""Posts as a table for Excel and back (CSV). Pure.

Written: UTF-8 with BOM, commas, every cell safe from being taken for a formula. Read: UTF-8 or UTF-16, comma,
semicolon or tab; every error at once, with line, column and what to do.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from publisher.timetable.recurrence import YEARS, BadRule, monthly, parsed, quarterly, weekly, yearly

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
LONGEST_TITLE = 300
DELIMITERS = (",", ";", "\t")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # OWASP: CSV injection; the wide forms count in East Asian spreadsheets
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d)(?::00)?|[hg]([0-5]\d)?)", re.IGNORECASE)
WORDS: dict[str, Callable[[date], str]] = {
    "hằng ngày": lambda _: "FREQ=DAILY",
    "hằng tuần": lambda day: weekly(day.weekday()),
    "hằng tháng": lambda day: monthly(day.day),
    "hằng quý": lambda day: quarterly(day.day),
    "hằng năm": lambda day: yearly(day.month, day.day),
}
YES, NO = {"co", "x", "1", "true"}, {"", "khong", "0", "false"}


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post. Texts are cleaned (NFC, no spaces at the ends, line ends "\\n"). `channels` are names of accounts.

    A clock or a rule needs a day, an end needs a rule; a rule is RFC 5545, "" means once.
    """

    campaign: str
    title: str
    lead: str = ""
    body: str = ""
    channels: tuple[str, ...] = ()
    day: date | None = None
    clock: time | None = None
    rule: str = ""
    until: date | None = None
    topic: str = ""
    urgent: bool = False

    def __post_init__(self) -> None:
        for name in ("campaign", "title", "topic"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        for name in ("lead", "body"):
            object.__setattr__(self, name, cleaned(getattr(self, name)))
        object.__setattr__(self, "channels", tuple(filter(None, map(one_line, self.channels))))


@dataclass(frozen=True, slots=True)
class CellError:
    """`line` is the line of the file (1 is the heading), `column` its heading ("" where the whole line is meant)."""

    line: int
    column: str
    code: str
    message: str


class BadTable(ValueError):
    """`errors`: everything that is wrong, in order of lines; `rows`: the lines that could be read, to look on in them
    for what only the caller knows to be wrong."""

    def __init__(self, errors: list[CellError], rows: Sequence[tuple[int, PostRow]] = ()) -> None:
        super().__init__("; ".join(f"Dòng {e.line}: {e.message}" for e in errors[:5]))
        self.errors = errors
        self.rows = list(rows)


class Wrong(Exception):
    """What one cell holds cannot be used."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Column:
    """`also`: folded headings that mean the same."""

    heading: str
    field: str
    read: Callable[[str], object]
    show: Callable[[PostRow], str]
    also: tuple[str, ...] = ()


def write(rows: Iterable[PostRow]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([column.heading for column in COLUMNS])
    writer.writerows([[harmless(column.show(row)) for column in COLUMNS] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes) -> list[tuple[int, PostRow]]:
    """Line number and post of every line. Raises `BadTable`; then nothing of the file is to be used."""
    lines = records(decoded(data))
    heading_line, headings = next(lines, (1, []))
    errors: list[CellError] = []
    columns = list(known(headings, heading_line, errors))
    if errors:
        raise BadTable(errors)
    read_rows = [(line, row_of(cells, columns, line, errors)) for line, cells in lines]
    rows = [(line, row) for line, row in read_rows if row is not None]
    if errors:
        raise BadTable(sorted(errors, key=lambda error: error.line), rows)
    return rows


def decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise BadTable([CellError(1, "", "too-large", f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Hãy chia nhỏ tệp.")])
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # "Unicode text" as Excel saves it
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = "Tệp không phải UTF-8. Trong Excel hãy lưu lại bằng “CSV UTF-8 (phân tách bằng dấu phẩy)”."
        raise BadTable([CellError(data[: error.start].count(b"\n") + 1, "", "encoding", message)]) from error


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on, blank ones left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    count, begins = 0, 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MOST_ROWS + 1:  # the heading is one
                    message = f"Tệp có hơn {MOST_ROWS} tin bài. Hãy chia nhỏ tệp."
                    raise BadTable([CellError(begins, "", "too-many-rows", message)])
                yield begins, [plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        message = "Không đọc được từ dòng này: dấu ngoặc kép mở mà không đóng, đặt sai chỗ, hoặc một ô quá dài."
        raise BadTable([CellError(begins, "", "broken", message)]) from error


def delimiter_of(text: str) -> str:
    """The one that makes most known headings of the first line."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=lambda mark: sum(folded(part.strip(' "\r')) in HEADINGS for part in first.split(mark)))


def known(headings: Sequence[str], line: int, errors: list[CellError]) -> Iterator[Column | None]:
    """The column of every heading; None for one without a name."""
    allowed = ", ".join(column.heading for column in COLUMNS)
    seen: set[str] = set()
    for heading in headings:
        column = HEADINGS.get(folded(heading))
        if column is None and heading.strip():
            message = f"Không có cột tên “{heading}”. Xóa cột này hoặc đổi thành một trong: {allowed}."
            errors.append(CellError(line, heading, "unknown-column", message))
        elif column is not None and column.field in seen:
            errors.append(CellError(line, heading, "doubled-column", f"Cột “{heading}” có hai lần. Hãy bỏ một cột."))
        seen |= {column.field} if column else set()
        yield column
    for column in COLUMNS:
        if column.field in REQUIRED and column.field not in seen:
            message = f"Thiếu cột “{column.heading}”. Dòng đầu của tệp phải là tên các cột."
            errors.append(CellError(line, column.heading, "missing-column", message))


def row_of(cells: list[str], columns: list[Column | None], line: int, errors: list[CellError]) -> PostRow | None:
    """The post of one line, or None after every error of it was noted."""
    found: dict[str, object] = {}
    wrong: list[CellError] = []
    for column, cell in zip(columns, cells, strict=False):  # Excel leaves empty cells at the end out
        if column is None:
            continue
        try:
            found[column.field] = column.read(cell)
        except Wrong as error:
            found[column.field] = ...
            wrong.append(CellError(line, column.heading, error.code, error.message))
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = "Dòng này có nhiều ô hơn dòng tên cột. Chữ có dấu phân tách phải đặt trong dấu ngoặc kép."
        wrong.append(CellError(line, "", "extra-cell", message))
    wrong += [CellError(line, FIELDS[field].heading, code, message) for field, code, message in disagreements(found)]
    errors += wrong
    return None if wrong else PostRow(**found)  # type: ignore[arg-type]  # COLUMNS pairs fields and readers


def disagreements(found: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Field, code and message of what only several cells together say; a cell that is wrong already counts as filled.

    A rule in words becomes RFC 5545 here, for it needs the day.
    """
    for field in REQUIRED:
        if not found.get(field):
            yield field, "empty", f"Chưa điền {FIELDS[field].heading}."
    day, rule, until = found.get("day"), found.get("rule"), found.get("until")
    if not day and (rule or found.get("clock")):
        yield "day", "no-day", "Có giờ hoặc lặp lại thì phải có ngày bắt đầu."
    if until and not rule:
        yield "until", "no-rule", "“Đến hết ngày” chỉ dùng cho tin lặp lại. Điền cột “lặp lại” hoặc bỏ ô này."
    if isinstance(day, date) and isinstance(until, date) and until < day:
        yield "until", "ends-early", f"Ngày kết thúc đứng trước ngày bắt đầu {day_text(day)}."
    if isinstance(day, date) and isinstance(rule, str) and rule:
        try:
            found["rule"] = rule_of(rule, day)
        except BadRule:
            yield "rule", "bad-rule", f"Không hiểu cách lặp lại “{rule}”. Viết một trong: {', '.join(WORDS)}."


def rule_of(text: str, day: date) -> str:
    words = {folded(word): rule for word, rule in WORDS.items()}
    in_words = words.get(folded(text).replace("moi ", "hang "))
    rule = in_words(day) if in_words else text.upper()
    parsed(rule, datetime.combine(day, time()))
    return rule


def rule_text(row: PostRow) -> str:
    if row.rule and row.day:
        return next((word for word, rule in WORDS.items() if rule(row.day) == row.rule), row.rule)
    return row.rule


def title_of(text: str) -> str:
    if len(text) > LONGEST_TITLE:
        raise Wrong("too-long", f"Tiêu đề dài {len(text)} ký tự, tối đa {LONGEST_TITLE}.")
    return text


def date_of(text: str) -> date | None:
    if not text:
        return None
    match = DATE.fullmatch(text)
    if match is None:
        raise Wrong("bad-date", f"“{text}” không phải ngày. Viết theo dạng 20/3/2026.")
    year, month, day = (match[3], match[2], match[1]) if match[3] else (match[4], match[5], match[6])
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Wrong("bad-date", f"Không có ngày {text}. Viết ngày trước, tháng sau: 20/3/2026.") from None
    if found.year not in YEARS:
        raise Wrong("bad-date", f"Năm {found.year} không đúng. Hãy kiểm tra lại ngày.")
    return found


def clock_of(text: str) -> time | None:
    if not text:
        return None
    match = CLOCK.fullmatch(text.replace(" ", ""))
    if match is None:
        raise Wrong("bad-time", f"“{text}” không phải giờ. Viết theo dạng 07:30.")
    return time(int(match[1]), int(match[2] or match[3] or 0))


def urgent_of(text: str) -> bool:
    if folded(text) not in YES | NO:
        raise Wrong("bad-choice", f"“{text}” không rõ. Điền “có” nếu tin khẩn cấp, nếu không thì để trống.")
    return folded(text) in YES


def names_of(text: str) -> tuple[str, ...]:
    """Names between semicolons; one that holds a semicolon stands in quotes."""
    try:
        return tuple(name for row in csv.reader([text.replace("\n", ";")], delimiter=";", strict=True) for name in row)
    except csv.Error:
        raise Wrong("bad-names", "Tên kênh cách nhau bằng dấu chấm phẩy; dấu ngoặc kép phải đóng.") from None


def names_text(row: PostRow) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="").writerow(row.channels)
    return out.getvalue()


def day_text(day: date | None) -> str:
    """ "20/3/2026": what Excel of any country either keeps or gives back as it was."""
    return f"{day.day}/{day.month}/{day.year}" if day else ""


def harmless(cell: str) -> str:
    """Text that a spreadsheet would run as a formula is kept as text; `plain` takes the mark off again."""
    return f"'{cell}" if cell.startswith((*FORMULA, "'")) else cell


def plain(cell: str) -> str:
    marked = cell.startswith("'") and cell[1:].startswith((*FORMULA, "'"))
    return cleaned(cell[1:] if marked else cell)


def cleaned(text: str) -> str:
    writable = UNWRITABLE.sub("", re.sub(r"\r\n?", "\n", text))
    return unicodedata.normalize("NFC", writable).strip()


def one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def folded(text: str) -> str:
    """Without marks and in small letters: people write headings in many ways."""
    bare = unicodedata.normalize("NFD", one_line(text).casefold().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).replace("-", " ")


COLUMNS = (
    Column("mã chiến dịch", "campaign", str, lambda row: row.campaign, ("chien dich",)),
    Column("chủ đề", "topic", str, lambda row: row.topic),
    Column("tiêu đề", "title", title_of, lambda row: row.title),
    Column("sa-pô", "lead", str, lambda row: row.lead, ("sapo", "tom tat")),
    Column("nội dung", "body", str, lambda row: row.body),
    Column("kênh", "channels", names_of, names_text, ("cac kenh",)),
    Column("ngày", "day", date_of, lambda row: day_text(row.day), ("ngay dang",)),
    Column("giờ", "clock", clock_of, lambda row: f"{row.clock:%H:%M}" if row.clock else "", ("gio dang",)),
    Column("lặp lại", "rule", str, rule_text),
    Column("đến hết ngày", "until", date_of, lambda row: day_text(row.until), ("den ngay",)),
    Column("khẩn cấp", "urgent", urgent_of, lambda row: "có" if row.urgent else "", ("khan",)),
)
FIELDS = {column.field: column for column in COLUMNS}
HEADINGS = {name: column for column in COLUMNS for name in (folded(column.heading), *column.also)}
REQUIRED = ("campaign", "title")
