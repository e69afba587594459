"""Campaign definitions: the YAML a person edits and keeps in git. Pure. Described in docs/dinh-nghia-chien-dich.md.

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
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML

from campaigns.definition_text import LARGEST, DefinitionError, DefinitionErrors, line_of, parse, plain
from channels.registry import CHANNELS

__all__ = [
    "KINDS",
    "LARGEST",
    "CampaignDefinition",
    "DefinitionError",
    "DefinitionErrors",
    "Definitions",
    "Name",
    "Rhythm",
    "Topic",
]

KINDS = tuple(CHANNELS)  # in the order a campaign lists them


def known(kind: str) -> str:
    if kind not in KINDS:
        raise PydanticCustomError(
            "kind", "giá trị không được phép; chọn một trong: {kinds}", {"kinds": ", ".join(KINDS)}
        )
    return kind


Kind = Annotated[str, AfterValidator(known), WithJsonSchema({"type": "string", "enum": list(KINDS)})]
Every = Literal["day", "week", "month", "quarter", "half", "year", "period"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def told(words: str) -> ConfigDict:
    """What the exported schema says of a group."""
    return ConfigDict(json_schema_extra={"description": words})


class Rhythm(Strict):
    """How often to post: `count` posts every `every`."""

    model_config = told("Nhịp đăng: count bài trong mỗi every.")

    every: Every = Field(
        description="Kỳ: day ngày, week tuần, month tháng, quarter quý, half 6 tháng, year năm, period cả đợt."
    )
    count: int = Field(ge=1, le=366, description="Số bài trong mỗi kỳ.")
    origin: Literal["plan", "own"] = Field("own", description="plan: kế hoạch ghi; own: đơn vị tự đặt.")
    channel: Kind | None = Field(None, description="Kênh mà nhịp này nói tới; bỏ trống: mọi kênh.")
    unit: str | None = Field(None, max_length=60, description="Đơn vị tính như kế hoạch ghi, ví dụ “tin, bài”.")
    note: str | None = Field(None, max_length=500, description="Vì sao có con số này.")


class Topic(Strict):
    """One draft post: the theme it serves and words to start from."""

    model_config = told("Một bài nháp: nội dung nó phục vụ và lời để bắt đầu viết.")

    theme: str = Field(description="Vị trí của nội dung trong kế hoạch, ví dụ 1.a.")
    title: str = Field(min_length=1, max_length=300, description="Tiêu đề.")
    lead: str = Field("", description="Sa-pô: câu mở đầu.")
    body: str = Field("", description="Nội dung, viết bằng Markdown.")
    footer: str = Field("", description="Chân bài: nơi hỏi thêm.")
    lines: tuple[int, int] | None = Field(None, description="Dòng đầu, dòng cuối của nội dung trong văn bản kế hoạch.")
    unconfirmed: bool = Field(False, description="true: chữ đọc từ bản quét mờ, phải có người xác nhận trước khi đăng.")


class CampaignDefinition(Strict):
    """One campaign: what, for whom, where, when, how often and by which money."""

    model_config = told(
        "Một chiến dịch: làm gì, cho ai, qua kênh nào, từ ngày nào đến ngày nào, theo nhịp nào, bằng tiền nào."
    )

    code: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="Mã, không đổi suốt đời chiến dịch."
    )
    title: str = Field(min_length=1, max_length=300, description="Tên chiến dịch.")
    summary: str = Field("", description="Mục tiêu, lấy nguyên lời kế hoạch.")
    themes: list[str] = Field([], description="Vị trí các nội dung của kế hoạch, ví dụ [“1”, “2.a”].")
    audiences: list[str] = Field([], description="Đối tượng.")
    channels: list[Kind] = Field([], description="Kênh sẽ đăng.")
    owner: str = Field("", max_length=200, description="Đơn vị chủ trì, khi kế hoạch giao.")
    starts_on: date | None = Field(None, description="Ngày bắt đầu, dạng 2026-03-20.")
    ends_on: date | None = Field(None, description="Ngày kết thúc.")
    rhythm: Rhythm | None = Field(None, description="Nhịp đăng chính; bỏ trống khi chưa đặt.")
    rhythms: list[Rhythm] = Field([], description="Nhịp thêm, mỗi nhịp cho một kênh hoặc một loại sản phẩm.")
    budget_line: str | None = Field(None, description="Ký hiệu hoặc tên dòng dự toán chi cho chiến dịch.")
    notes: list[str] = Field([], description="Điều người phụ trách cần biết; phần mềm ghi khi lập từ kế hoạch.")
    topics: list[Topic] = Field([], description="Các bài nháp. Bài đã có thì lần nạp sau không đụng tới.")

    @model_validator(mode="after")
    def period_runs_forward(self) -> CampaignDefinition:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(BACKWARDS)
        return self


class Definitions(Strict):
    """A definition file."""

    model_config = told("Tệp định nghĩa chiến dịch của Tin Cơ Sở.")

    version: Literal[1] = Field(1, description="Phiên bản của định dạng này.")
    plan: str | None = Field(None, description="Số, ký hiệu của kế hoạch; null khi chiến dịch không theo kế hoạch nào.")
    campaigns: list[CampaignDefinition] = Field(min_length=1, description="Các chiến dịch.")

    @model_validator(mode="after")
    def codes_differ(self) -> Definitions:
        if doubled := [code for code, times in Counter(c.code for c in self.campaigns).items() if times > 1]:
            raise ValueError(DOUBLED.format(", ".join(sorted(doubled))))
        return self


BACKWARDS = "ngày kết thúc (ends_on) sớm hơn ngày bắt đầu (starts_on)"
DOUBLED = "mã chiến dịch bị trùng: {}"
WORDS = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường này không có trong định nghĩa; kiểm tra chính tả",
    "string_type": "phải là chữ; nếu là số thì đặt trong ngoặc kép",
    "string_too_short": "không được để trống",
    "string_too_long": "quá dài",
    "string_pattern_mismatch": "chỉ gồm chữ thường không dấu, số và dấu gạch nối",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "greater_than_equal": "số quá nhỏ",
    "less_than_equal": "số quá lớn",
    "list_type": "phải là danh sách",
    "tuple_type": "phải là hai số dòng, ví dụ [12, 15]",
    "too_short": "cần ít nhất một mục",
    "too_long": "nhiều mục quá",
    "date_type": "phải là ngày, ví dụ 2026-03-20",
    "date_from_datetime_parsing": "phải là ngày có thật, ví dụ 2026-03-20",
    "date_from_datetime_inexact": "phải là ngày, không kèm giờ, ví dụ 2026-03-20",
    "date_parsing": "phải là ngày có thật, ví dụ 2026-03-20",
    "model_type": "phải là một nhóm trường",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a definition that something must answer to: kind "plan", "theme" or "budget_line"; `code` of the
    campaign ("" for the plan); `path` is its place in the file."""

    kind: str
    value: str
    code: str
    path: tuple[str | int, ...]


Misfits = Callable[[list[Name]], Iterable[tuple[Name, str]]]


def load(text: str, misfits: Misfits | None = None) -> Definitions:
    """Parses and checks a definition file. `misfits` says which of its names nothing answers to, and why.

    Raises `DefinitionErrors` with every error and its line.
    """
    tree = parse(text)
    values = plain(tree)
    errors = [
        DefinitionError(line_of(tree, path), ".".join(map(str, path)), message)
        for path, message in [*crossed(values), *((name.path, said) for name, said in unanswered(values, misfits))]
    ]
    try:
        definitions = Definitions.model_validate(values)
    except ValidationError as error:
        single = [problem for problem in error.errors() if problem["type"] != "value_error"]  # `crossed` tells those
        raise DefinitionErrors([*(explain(tree, problem) for problem in single), *errors]) from error
    if errors:
        raise DefinitionErrors(errors)
    return definitions


def unanswered(values: Any, misfits: Misfits | None) -> Iterable[tuple[Name, str]]:
    return misfits(list(names_in(values))) if misfits else ()


def names_in(values: Any) -> Iterator[Name]:
    """The names of a file, as far as it is formed well enough to have them."""
    if isinstance(plan := values.get("plan"), str):
        yield Name("plan", plan, "", ("plan",))
    for at, campaign in enumerate(entries(values, "campaigns")):
        code, here = str(campaign.get("code")), ("campaigns", at)
        for number, theme in enumerate(
            campaign.get("themes") or () if isinstance(campaign.get("themes"), list) else ()
        ):
            if isinstance(theme, str):
                yield Name("theme", theme, code, (*here, "themes", number))
        for number, topic in enumerate(entries(campaign, "topics")):
            if isinstance(topic.get("theme"), str):
                yield Name("theme", topic["theme"], code, (*here, "topics", number, "theme"))
        if isinstance(line := campaign.get("budget_line"), str):
            yield Name("budget_line", line, code, (*here, "budget_line"))


def entries(values: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The groups of a list; what is no group keeps its place in the count."""
    found = values.get(name)
    for entry in found if isinstance(found, list) else ():
        yield entry if isinstance(entry, dict) else {}


def crossed(values: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong between fields, told even where other fields are wrong too."""
    seen: set[str] = set()
    for at, campaign in enumerate(entries(values, "campaigns")):
        code, starts, ends = campaign.get("code"), campaign.get("starts_on"), campaign.get("ends_on")
        if isinstance(code, str) and code in seen:
            yield ("campaigns", at, "code"), DOUBLED.format(code)
        seen.add(str(code))
        if isinstance(starts, date) and isinstance(ends, date) and str(ends) < str(starts):
            yield ("campaigns", at, "ends_on"), BACKWARDS


def explain(tree: Any, problem: Any) -> DefinitionError:
    path = list(problem["loc"])
    message = WORDS.get(problem["type"], "giá trị không hợp lệ")
    if problem["type"] == "kind":
        message = problem["msg"]
    if problem["type"] == "literal_error":
        allowed = problem["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        message = f"giá trị không được phép; chọn một trong: {allowed}"
    return DefinitionError(line_of(tree, path), ".".join(map(str, path)), message)


def dump(definitions: Definitions) -> str:
    """The YAML form, stable: `load(dump(d)) == d`."""
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 110, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(plain_lists(definitions.model_dump(mode="python", exclude_none=True, exclude_defaults=False)), out)
    return out.getvalue()


def plain_lists(value: Any) -> Any:
    """YAML knows lists, no tuples."""
    if isinstance(value, dict):
        return {key: plain_lists(inner) for key, inner in value.items()}
    return [plain_lists(inner) for inner in value] if isinstance(value, list | tuple) else value


def json_schema() -> str:
    """The JSON Schema of the format, for editors that complete and check while typing."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Definitions.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
