"""Written Vietnamese to spoken Vietnamese, with the place every spoken word comes from. Pure."""

from __future__ import annotations

from channels.loudspeaker.spoken.claims import Voice
from channels.loudspeaker.spoken.lexicon import Lexicon, builtin
from channels.loudspeaker.spoken.lines import speak_lines
from channels.loudspeaker.spoken.reading import Piece, Reading, default_voice, readable, speak, tidy
from channels.loudspeaker.spoken.region import Region, is_region, region, regions

__all__ = [
    "Lexicon",
    "Piece",
    "Reading",
    "Region",
    "Voice",
    "builtin",
    "default_voice",
    "is_region",
    "readable",
    "region",
    "regions",
    "speak",
    "speak_lines",
    "tidy",
]
