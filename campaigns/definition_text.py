"""A definition file as text: parsed within bounds, every mistake told in Vietnamese with its line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, NodeEvent

MOST_NODES = 30_000  # values of one file: some hundred campaigns
LARGEST = 300_000  # characters of one file
DEEPEST = 12

# What the parser says, by the words it begins with, and what a person has to look for. Longest first.
SYNTAX = (
    (r"found character '\\t'", "dòng này có dấu tab; xóa tab và thụt dòng bằng dấu cách"),
    (r"found duplicate key (?P<what>.{1,60}?) with", "trường {what} viết hai lần trong cùng một nhóm; bỏ một dòng"),
    (r"found undefined alias", "dấu * đứng đầu giá trị có nghĩa riêng trong YAML; đặt giá trị trong ngoặc kép"),
    (r"found duplicate anchor", "dấu & đứng đầu giá trị có nghĩa riêng trong YAML; đặt giá trị trong ngoặc kép"),
    (r"mapping values are not allowed", "có dấu hai chấm thừa, hoặc dòng thụt vào sai; đặt giá trị có dấu hai chấm "
     "trong ngoặc kép"),
    (r"could not find expected ':'", "thiếu dấu hai chấm sau tên trường, hoặc ngoặc kép mở mà chưa đóng"),
    (r"found unexpected end of stream|while scanning a quoted", "ngoặc kép mở mà chưa đóng"),
    (r"expected ',' or|while parsing a flow", "ngoặc [ hoặc { mở mà chưa đóng, hoặc thiếu dấu phẩy giữa hai mục"),
    (r"expected <block end>", "dòng này thụt vào không bằng các dòng cùng nhóm; so với dòng trên rồi thụt cho bằng"),
    (r"expected the node content|expected .* but found", "thiếu giá trị, hoặc có dấu thừa ở dòng này"),
    (r"found unknown escape|expected escape sequence", "dấu \\ trong ngoặc kép; dùng ngoặc đơn ' thay cho ngoặc kép"),
    (r"found character .* that cannot start", "giá trị không được bắt đầu bằng ký tự này; đặt giá trị trong ngoặc kép"),
    (r"special characters are not allowed|unacceptable character", "có ký tự không nhìn thấy; xóa dòng rồi gõ lại"),
    (r"could not determine a constructor|found undefined tag", "dấu ! đứng đầu giá trị có nghĩa riêng trong YAML; đặt "
     "giá trị trong ngoặc kép"),
    (r"expected a single document", "chỉ được một tài liệu trong tệp; bỏ dòng “---”"),
)  # fmt: skip
OTHER_SYNTAX = "so với dòng trên: kiểm tra thụt dòng, dấu hai chấm và ngoặc"


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
    """Everything wrong with a definition file, at once, in the order of its lines."""

    def __init__(self, errors: Sequence[DefinitionError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.line or 0)
        super().__init__("\n".join(map(str, self.errors)))


class Constructor(RoundTripConstructor):
    """Days that do not exist stay words, so that the check of values tells their line."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            return str(node.value)


Constructor.add_constructor("tag:yaml.org,2002:timestamp", Constructor.construct_yaml_timestamp)


def reader() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    return yaml


def parse(text: str) -> Any:
    """The round-trip tree. Size and depth are checked first: the parser's time grows with their square."""
    if len(text) > LARGEST:
        raise one_error(f"tệp dài {len(text)} ký tự, quá giới hạn {LARGEST}; hãy tách thành nhiều tệp")
    try:
        check_shape(text)
        tree = reader().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise one_error(f"không đúng cú pháp YAML: {in_words(error)}", mark.line + 1 if mark else None) from error
    except DefinitionErrors:
        raise
    except (ValueError, RecursionError, YAMLError) as error:
        at = getattr(error, "position", None)
        line = text[:at].count("\n") + 1 if isinstance(at, int) else None
        raise one_error(f"không đọc được tệp: {in_words(error)}", line) from error
    if not isinstance(tree, dict):
        raise one_error("tệp phải bắt đầu bằng “version: 1” và “campaigns:”", 1)
    return tree


def one_error(message: str, line: int | None = None) -> DefinitionErrors:
    return DefinitionErrors([DefinitionError(line, "", message)])


def in_words(error: Exception) -> str:
    """What the parser stumbled over, as a thing to look for."""
    said = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    for pattern, words in SYNTAX:
        if match := re.search(pattern, said) or re.search(pattern, context):
            return words.replace("{what}", f"“{match.groupdict().get('what', '').strip(chr(34))}”")
    return OTHER_SYNTAX


def check_shape(text: str) -> None:
    """Raises `DefinitionErrors` at the first node too deep or too many, without reading on; YAML errors as the parser
    does."""
    depth = nodes = 0
    for event in reader().parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        nodes += isinstance(event, NodeEvent)
        if depth > DEEPEST or nodes > MOST_NODES:
            what = f"lồng nhau quá {DEEPEST} tầng" if depth > DEEPEST else f"có hơn {MOST_NODES} giá trị"
            advice = f"{what}; kiểm tra dấu ngoặc và thụt dòng, hoặc tách thành nhiều tệp"
            raise one_error(advice, event.start_mark.line + 1)


def plain(node: Any, allowance: Iterator[int] | None = None, depth: int = 0) -> Any:
    """Round-trip nodes as plain values. An alias may stand for itself or for a thousand others: both are refused."""
    allowance = iter(range(MOST_NODES)) if allowance is None else allowance
    if next(allowance, None) is None or depth > DEEPEST:
        raise one_error("tệp lồng nhau hoặc lặp lại quá nhiều; bỏ các dấu & và *")
    if isinstance(node, dict):
        return {str(key): plain(value, allowance, depth + 1) for key, value in node.items()}
    if isinstance(node, str) and "\0" in node:
        raise one_error("có ký tự rỗng (\\0) mà không nơi nào lưu được; hãy xóa nó")
    if isinstance(node, list):
        return [plain(value, allowance, depth + 1) for value in node]
    return node


def line_of(tree: Any, path: Sequence[Any]) -> int | None:
    """The line of the deepest node of `path` that exists."""
    node, line = tree, 1
    for key in path:
        try:
            position = node.lc.key(key) if hasattr(node, "keys") else node.lc.item(key)
            line, node = position[0] + 1, node[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line
