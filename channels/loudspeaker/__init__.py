"""Bulletins for a ward's loudspeakers: filled, printed, spoken. Airing them is a person's act, told elsewhere."""

from channels.loudspeaker.bulletin import Approval, Bulletin, Credit, Item, Kind, Move, Part
from channels.loudspeaker.channel import Loudspeaker
from channels.loudspeaker.marks import Mark, SoundFile
from channels.loudspeaker.printed import pdf as sheet_pdf
from channels.loudspeaker.sessions import Session, approve_session, close_session, m3u, session_at, sessions_of
from channels.loudspeaker.sheet import docx as sheet_docx
from channels.loudspeaker.sound import NoSound, make_sound
from channels.loudspeaker.speech import ssml

__all__ = [
    "Approval",
    "Bulletin",
    "Credit",
    "Item",
    "Kind",
    "Loudspeaker",
    "Mark",
    "Move",
    "NoSound",
    "Part",
    "Session",
    "SoundFile",
    "approve_session",
    "close_session",
    "m3u",
    "make_sound",
    "session_at",
    "sessions_of",
    "sheet_docx",
    "sheet_pdf",
    "ssml",
]
