"""The steps in the order they look at a text. What comes first wins: a document number is no date, a phone no sum."""

from __future__ import annotations

from channels.loudspeaker.spoken.claims import Step
from channels.loudspeaker.spoken.steps import asides, contacts, dates, documents, places, quantities, times, words

STEPS: tuple[Step, ...] = (
    *asides.STEPS,
    *contacts.STEPS,
    *words.FIXED,
    *documents.STEPS,
    *dates.STEPS,
    *times.STEPS,
    *places.STEPS,
    *quantities.STEPS,
    *words.STEPS,
    *quantities.BARE,
)
