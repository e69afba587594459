"""The bounds of `email.toml`, read once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_FACTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("email.toml").read_text("utf-8"))

LETTERS_A_TURN: int = _FACTS["letters_a_turn"]
PATIENCE_MINUTES: int = _FACTS["patience_minutes"]
SUBJECT_SHOWN: int = _FACTS["subject_shown"]
PORTS: dict[str, int] = _FACTS["ports"]
