"""The recording of a session, beside its sheet; and a reading of any sentences, for those who would rather listen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from channels import files
from channels.contract import Account
from channels.errors import Unavailable
from channels.loudspeaker import audio, jingle, marks, timing
from channels.loudspeaker import folder as folders
from channels.loudspeaker.audio import Piece, Recording
from channels.loudspeaker.bulletin import Bulletin, Kind
from channels.loudspeaker.folder import Folder, name_of
from channels.loudspeaker.marks import SoundFile
from channels.loudspeaker.programs import NoSound, figures
from channels.loudspeaker.voice import SAMPLES, Voice, decoded, voice_of

__all__ = ["NoSound", "make_sound", "read_aloud"]

OWN_JINGLE = ("nhac-hieu.wav", "nhac-hieu.mp3", "nhac-hieu.ogg", "nhac-hieu.flac")  # in the operator's folder
LARGEST_JINGLE = 20_000_000  # bytes
MPEG = "audio/mpeg"
_JUDGED = 20 * SAMPLES * 2  # bytes of speech by which the jingle is set


def make_sound(account: Account, slot: datetime, voice: Voice | None = None) -> SoundFile:
    """Speaks the session with the account's voice and lays the recording beside the sheet.

    A recording of these very words by that voice is left as it is. Raises `NoSound` where there is no voice, or where
    something in the bulletin cannot be read; `Unavailable` where the folder cannot be written.
    """
    folder, name = Folder.of(account), name_of(slot)
    if not folder.paths(name):
        raise NoSound("Buổi phát này không có tin nào để đọc.")
    bulletin = folder.bulletin(name)
    speaker = voice or voice_of(account)
    kept = marks.kept_sound(folder.root / name, bulletin.digest)
    spoken_by = f"{speaker.identity}, {_jingle_identity(folder.root)}"
    if kept is not None and kept.voice == spoken_by:
        return kept
    recording = record(bulletin, speaker, folder.root)
    return _laid_down(folder, name, bulletin, recording, spoken_by)


def record(bulletin: Bulletin, voice: Voice, root: Path | None = None) -> Recording:
    return audio.encoded(*session_pcm(bulletin, voice, root))


def session_pcm(bulletin: Bulletin, voice: Voice, root: Path | None = None) -> tuple[bytes, tuple[marks.Mark, ...]]:
    """The whole session before it is levelled, and its marks. Raises `NoSound`."""
    if bulletin.unread:
        unread = ", ".join(bulletin.unread)
        raise NoSound(f"Còn chữ chưa có cách đọc ({unread}): viết rõ bằng chữ hoặc thêm vào từ điển của đài.")
    spoken = list(_spoken(bulletin, voice))
    tune = Piece(_tune(bulletin.practice.jingle, [piece.pcm for piece in spoken if piece.text], root))
    return audio.joined([tune, *spoken, tune])


def read_aloud(sentences: Iterable[str], voice: Voice) -> Recording:
    """Sentences one after the other with the pause between them, without any frame. Raises `NoSound`."""
    pieces = []
    for sentence in sentences:
        pieces += [
            Piece(voice.say(sentence), sentence, Kind.ITEM),
            Piece(audio.silence(timing.pause("sentence_pause"))),
        ]
    if not any(piece.pcm for piece in pieces if piece.text):
        raise NoSound("Không có lời nào để đọc.")
    return audio.encoded(*audio.joined(pieces))


def _spoken(bulletin: Bulletin, voice: Voice) -> Iterator[Piece]:
    for part in bulletin.parts:
        if part.kind is Kind.JINGLE:
            continue
        for sentence in part.sentences:
            yield Piece(voice.say(sentence), sentence, part.kind.value, part.ref)
            yield Piece(audio.silence(timing.pause("sentence_pause")))
        yield Piece(audio.silence(timing.pause("item_pause")))


def _tune(seconds: float, speech: list[bytes], root: Path | None) -> bytes:
    """The station's jingle, cut or filled up to its length, a little softer than the voice."""
    own = _own_jingle(root)
    count = round(seconds * SAMPLES) * 2
    pcm = _faded(decoded(own.read_bytes())[:count].ljust(count, b"\0")) if own else jingle.compose(seconds, SAMPLES)
    heard = b"".join(speech)[:_JUDGED]
    wanted = audio.level(heard) - figures("sound")["jingle_under_voice"]
    return audio.amplified(pcm, wanted - audio.level(pcm))


def _faded(pcm: bytes) -> bytes:
    """Its last second fades out, so that a tune that had to be cut does not end with a crack."""
    tail = SAMPLES * 2
    steps = 20
    step = tail // steps // 2 * 2
    end = pcm[-tail:]
    faded = (audio.amplified(end[at : at + step], -3 * (at // step + 1)) for at in range(0, len(end), step))
    return pcm[:-tail] + b"".join(faded)


def _own_jingle(root: Path | None) -> Path | None:
    found = (root / name for name in OWN_JINGLE) if root else iter(())
    path = next((path for path in found if path.is_file()), None)
    if path is not None and path.stat().st_size > LARGEST_JINGLE:
        raise NoSound(f"Tệp nhạc hiệu “{path.name}” quá 20 MB: cắt ngắn còn 10 đến 20 giây rồi tạo lại.")
    return path


def _jingle_identity(root: Path) -> str:
    own = _own_jingle(root)
    return f"nhạc hiệu {files.sha256(own)[:12]}" if own else "nhạc hiệu soạn sẵn"


def _laid_down(folder: Folder, name: str, bulletin: Bulletin, recording: Recording, voice: str) -> SoundFile:
    sound = SoundFile(
        path=folder.root / name / folders.SOUND,
        media_type=MPEG,
        seconds=recording.seconds,
        size=len(recording.mp3),
        sha256=hashlib.sha256(recording.mp3).hexdigest(),
        marks=recording.marks,
        digest=bulletin.digest,
        voice=voice,
    )
    with files.locked(folder.root):
        if not folder.paths(name) or folder.bulletin(name).digest != bulletin.digest:
            raise Unavailable("Bản tin đã đổi trong lúc ghi âm: tạo lại bản ghi.", code="changed")
        with files.Batch(folder.root) as batch:
            batch.put(f"{name}/{folders.SOUND}", recording.mp3)
            batch.put(f"{name}/{folders.SMALL_SOUND}", recording.opus)
            batch.put(f"{name}/{folders.CUES}", marks.webvtt(sound.marks).encode())
            written = json.dumps(marks.record_of(sound), ensure_ascii=False, indent=1, sort_keys=True)
            batch.put(f"{name}/{folders.MARKS}", f"{written}\n".encode())
    return sound
