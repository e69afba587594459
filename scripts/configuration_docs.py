"""Writes docs/configuration.md from the settings class; `--check` only says whether it is fresh (exit 1 when not)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from publisher.config import Settings  # noqa: E402

PAGE = ROOT / "docs" / "configuration.md"
HEAD = """# Configuration

<!-- Written by scripts/configuration_docs.py from publisher/config.py: edit there, then `make docs`. -->

Every setting is an environment variable, or a line `NAME=value` in a file `.env` in the folder the command starts in;
the variable wins. None is needed on one machine: `make run` works with all of them unset. Restart after a change.

A setting whose name ends in `_FILE` holds the path of a file with the secret, the form in which container platforms
hand secrets over. Where a key and its file are both given, the key counts.

| variable | kind | default | what it does |
|---|---|---|---|
"""


def kind(annotation: Any) -> str:
    """`Path | None` as `path, optional`; `int` as `int`."""
    arguments = [one for one in get_args(annotation) if one is not type(None)]
    if arguments and get_origin(annotation) is not None:
        return f"{', '.join(kind(one) for one in arguments)}, optional"
    return {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Path": "path"}[
        annotation.__name__
    ]


def default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "must be given"
    if value in (None, ""):
        return "empty"
    if isinstance(value, Path) and value.is_relative_to(ROOT):
        return f"`{value.relative_to(ROOT)}` in the checkout"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def bounds(field: FieldInfo) -> str:
    """`at least 1, at most 65535`, or nothing."""
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    found = [
        f"{text} {getattr(rule, name)}"
        for rule in field.metadata
        for name, text in words.items()
        if hasattr(rule, name)
    ]
    return f" ({', '.join(found)})" if found else ""


def variable(name: str, field: FieldInfo) -> str:
    prefix = str(Settings.model_config.get("env_prefix", ""))
    return str(field.validation_alias or f"{prefix}{name.upper()}")


def row(name: str, field: FieldInfo) -> str:
    if not field.description:
        raise SystemExit(f"publisher.config.Settings.{name} has no description: say what it does")
    description = field.description.replace("<", "&lt;").replace("|", "\\|")
    cells = (f"`{variable(name, field)}`", kind(field.annotation) + bounds(field), default(field), description)
    return f"| {' | '.join(cells)} |"


def render() -> str:
    return HEAD + "".join(f"{row(name, field)}\n" for name, field in Settings.model_fields.items())


def main(arguments: list[str]) -> int:
    text = render()
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text() == text:
            return 0
        print("docs/configuration.md is not what publisher/config.py says: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
