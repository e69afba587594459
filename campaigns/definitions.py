"""Campaign definitions: the YAML a person edits and keeps in git. Pure.

version: 1
plan: 18/KH-UBND            # number of the plan, or null
campaigns:
  - code: ke-hoach-18-01    # fixed for life
    title: …
    themes: ["1"]           # places in the plan
    channels: [page, feed, facebook, zalo, loudspeaker, contracted]
    starts_on: 2026-03-01
    ends_on: 2026-12-31
    rhythm: {every: month, count: 1, origin: plan}
    budget_line: "1"        # label or name of a line of the plan
    topics: [{theme: 1.a, title: …, lead: …, body: …, footer: …}]
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, NodeEvent

KINDS = ("page", "feed", "facebook", "zalo", "loudspeaker", "contracted")
Kind = Literal["page", "feed", "facebook", "zalo", "loudspeaker", "contracted"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Rhythm(Strict):
    """How often to post: `count` posts every `every`; `origin` says whether the plan or the officer set it."""

    every: Literal["week", "month", "quarter", "year"]
    count: int = Field(ge=1, le=366)
    origin: Literal["plan", "own"] = "own"


class Topic(Strict):
    """One draft post: the theme it serves and words to start from."""

    theme: str
    title: str = Field(min_length=1, max_length=300)
    lead: str = ""
    body: str = ""
    footer: str = ""
    unconfirmed: bool = False  # words from text without reliable diacritics: a person must confirm them


class CampaignDefinition(Strict):
    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(min_length=1, max_length=300)
    summary: str = ""
    themes: list[str] = []
    audiences: list[str] = []
    channels: list[Kind] = []
    starts_on: date | None = None
    ends_on: date | None = None
    rhythm: Rhythm | None = None
    budget_line: str | None = None
    topics: list[Topic] = []

    @model_validator(mode="after")
    def period_runs_forward(self) -> CampaignDefinition:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ngày kết thúc (ends_on) sớm hơn ngày bắt đầu (starts_on)")
        return self


class Definitions(Strict):
    version: Literal[1] = 1
    plan: str | None = None
    campaigns: list[CampaignDefinition] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_differ(self) -> Definitions:
        codes = [campaign.code for campaign in self.campaigns]
        doubled = sorted(code for code, times in Counter(codes).items() if times > 1)
        if doubled:
            raise ValueError(f"mã chiến dịch bị trùng: {', '.join(doubled)}")
        return self


@dataclass(frozen=True, slots=True)
class DefinitionError:
    """One thing wrong, with its 1-based line (None when the file has none) and the place in words."""

    line: int | None
    place: str
    message: str

    def __str__(self) -> str:
        where = f"Dòng {self.line}" if self.line else "Tệp"
        return f"{where}{f' ({self.place})' if self.place else ''}: {self.message}."


class DefinitionErrors(ValueError):
    """Everything wrong with a definition file, at once."""

    def __init__(self, errors: list[DefinitionError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


MOST_NODES = 30_000  # values of one file: some hundred campaigns
LARGEST = 300_000  # characters of one file
DEEPEST = 12
WORDS = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường này không có trong định nghĩa; kiểm tra chính tả",
    "string_type": "phải là chữ",
    "string_too_short": "không được để trống",
    "string_too_long": "quá dài",
    "string_pattern_mismatch": "chỉ gồm chữ thường không dấu, số và dấu gạch nối",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "greater_than_equal": "số quá nhỏ",
    "less_than_equal": "số quá lớn",
    "list_type": "phải là danh sách",
    "too_short": "cần ít nhất một mục",
    "literal_error": "giá trị không được phép",
    "date_type": "phải là ngày, ví dụ 2026-03-20",
    "date_from_datetime_parsing": "phải là ngày, ví dụ 2026-03-20",
    "date_parsing": "phải là ngày, ví dụ 2026-03-20",
    "model_type": "phải là một nhóm trường",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
}


def load(text: str) -> Definitions:
    """Parses and checks a definition file. Raises `DefinitionErrors` with every error and its line."""
    tree = parse(text)
    try:
        return Definitions.model_validate(plain(tree, iter(range(MOST_NODES))))
    except ValidationError as error:
        raise DefinitionErrors([explain(tree, problem) for problem in error.errors()]) from error


def parse(text: str) -> Any:
    """The round-trip tree. Size and depth are checked first: the parser's time grows with their square."""
    if len(text) > LARGEST:
        message = f"tệp dài {len(text)} ký tự, quá giới hạn {LARGEST}; hãy tách thành nhiều tệp"
        raise DefinitionErrors([DefinitionError(None, "", message)])
    try:
        check_shape(text)
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        message = f"không đúng cú pháp YAML ({error.problem}); kiểm tra thụt dòng và dấu hai chấm"
        raise DefinitionErrors([DefinitionError(line, "", message)]) from error
    except DefinitionErrors:
        raise
    except (ValueError, RecursionError, YAMLError) as error:
        raise DefinitionErrors([DefinitionError(None, "", f"không đọc được giá trị ({error})")]) from error
    if not isinstance(tree, dict):
        raise DefinitionErrors([DefinitionError(1, "", "tệp phải bắt đầu bằng “version: 1” và “campaigns:”")])
    return tree


def check_shape(text: str) -> None:
    """Raises `DefinitionErrors` at the first node too deep or too many, without reading on; YAML errors as the parser
    does."""
    depth = nodes = 0
    for event in YAML(typ="rt").parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        nodes += isinstance(event, NodeEvent)
        if depth > DEEPEST or nodes > MOST_NODES:
            what = f"lồng nhau quá {DEEPEST} tầng" if depth > DEEPEST else f"có hơn {MOST_NODES} giá trị"
            message = f"{what}; kiểm tra dấu ngoặc và thụt dòng, hoặc tách thành nhiều tệp"
            raise DefinitionErrors([DefinitionError(event.start_mark.line + 1, "", message)])


def plain(node: Any, allowance: Iterator[int], depth: int = 0) -> Any:
    """Round-trip nodes as plain values. An alias may stand for itself or for a thousand others: both are refused."""
    if next(allowance, None) is None or depth > DEEPEST:
        raise DefinitionErrors([DefinitionError(None, "", "tệp lồng nhau hoặc lặp lại quá nhiều; bỏ các dấu & và *")])
    if isinstance(node, dict):
        return {str(key): plain(value, allowance, depth + 1) for key, value in node.items()}
    if isinstance(node, str) and "\0" in node:
        raise DefinitionErrors([DefinitionError(None, "", "có ký tự rỗng (\\0) mà không nơi nào lưu được; hãy xóa nó")])
    if isinstance(node, list):
        return [plain(value, allowance, depth + 1) for value in node]
    return node


def explain(tree: Any, problem: Any) -> DefinitionError:
    path = list(problem["loc"])
    message = str(problem["ctx"]["error"]) if problem["type"] == "value_error" else WORDS.get(problem["type"], "")
    if problem["type"] == "literal_error":
        message = f"giá trị không được phép; chọn một trong: {problem['ctx']['expected']}"
    return DefinitionError(line_of(tree, path), ".".join(map(str, path)), message or "giá trị không hợp lệ")


def line_of(tree: Any, path: list[Any]) -> int | None:
    """The line of the deepest node of `path` that exists."""
    node, line = tree, 1
    for key in path:
        try:
            position = node.lc.key(key) if hasattr(node, "keys") else node.lc.item(key)
            line, node = position[0] + 1, node[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def dump(definitions: Definitions) -> str:
    """The YAML form, stable: `load(dump(d)) == d`."""
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 110, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(definitions.model_dump(mode="python", exclude_none=True, exclude_defaults=False), out)
    return out.getvalue()
