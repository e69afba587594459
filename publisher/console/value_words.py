"""A value of a reading as an officer writes it, by the kind of its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from campaigns.fields import Field
from publisher.console.templatetags.viet import day, dong, number


def in_words(field: Field, value: Any) -> str:
    """ "" where nothing stands."""
    return "" if value is None or value == "" or value == [] else WRITTEN[field.kind](field, value)


def as_typed(field: Field, value: Any) -> Any:
    """The value as its input takes it: days and amounts as people write them, choices by their codes."""
    if field.kind in ("choice", "choices", "flag"):
        return value
    return in_words(field, value).removesuffix("\N{NO-BREAK SPACE}đ")


def item(field: Field, value: Any) -> str:
    given = (in_words(part, value.get(name)) for name, part in field.parts.items())
    return "; ".join(filter(None, given))


WRITTEN: dict[str, Callable[[Field, Any], str]] = {
    "text": lambda field, value: str(value),
    "long": lambda field, value: str(value),
    "date": lambda field, value: day(date.fromisoformat(str(value))),
    "year": lambda field, value: str(value),
    "count": lambda field, value: number(int(value)),
    "amount": lambda field, value: dong(int(value)),
    "choice": lambda field, value: field.choices.get(str(value), str(value)),
    "choices": lambda field, value: ", ".join(field.choices.get(one, one) for one in value),
    "flag": lambda field, value: "có" if value else "không",
    "item": item,
}
