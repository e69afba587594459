"""The steps in the order they look at a text. What comes first wins: a document number is no date, a phone no sum."""

from __future__ import annotations

from channels.loudspeaker.spoken.claims import Step
from channels.loudspeaker.spoken.steps import (
    asides,
    calendar,
    contacts,
    days,
    documents,
    fractions,
    phones,
    places,
    quantities,
    scans,
    symbols,
    times,
    words,
)

STEPS: tuple[Step, ...] = (
    *asides.STEPS,
    *symbols.EARLY,
    *contacts.STEPS,
    *phones.STEPS,
    *words.FIXED,
    *documents.STEPS,
    *places.EARLY,
    *calendar.STEPS,
    *times.STEPS,
    *places.STEPS,
    *fractions.EARLY,
    *days.STEPS,
    *quantities.STEPS,
    *fractions.STEPS,
    *words.STEPS,
    *scans.STEPS,
    *phones.LATE,
    *quantities.BARE,
    *words.LETTERS,
    *symbols.STEPS,
)
