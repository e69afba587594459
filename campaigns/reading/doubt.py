"""How sure one may be of what was read: nothing taken from poor OCR is surer than the OCR."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from campaigns.reading.schema import Source

Value = TypeVar("Value")


def at_most(value: Value, confidence: float) -> Value:
    """`value` (a dataclass, tuple or dict of them) with no source in it surer than `confidence`, 0..1."""
    return _capped(value, confidence)  # type: ignore[no-any-return]


def _capped(value: Any, most: float) -> Any:
    if isinstance(value, Source):
        return dataclasses.replace(value, confidence=min(value.confidence, most))
    if isinstance(value, tuple):
        return tuple(_capped(v, most) for v in value)
    if isinstance(value, dict):
        return {k: _capped(v, most) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            f.name: _capped(old, most) for f in dataclasses.fields(value) if _may_hold(old := getattr(value, f.name))
        }
        return dataclasses.replace(value, **changed)
    return value


def _may_hold(value: Any) -> bool:
    return isinstance(value, tuple | dict) or dataclasses.is_dataclass(value)
