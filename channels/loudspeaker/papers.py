"""Everything that is made of a bulletin for people and machines to read, put beside its items."""

from __future__ import annotations

from pathlib import Path

from channels import files
from channels.loudspeaker import folder as folders
from channels.loudspeaker import printed, sheet
from channels.loudspeaker.bulletin import Approval, Bulletin
from channels.loudspeaker.speech import ssml


def texts(bulletin: Bulletin, approval: Approval | None = None) -> dict[str, bytes]:
    """The papers by file name. The same bulletin and approval are the same bytes."""
    return {
        folders.SHEET: sheet.docx(bulletin, approval),
        folders.PRINT: printed.pdf(bulletin, approval),
        folders.SPEECH: ssml(bulletin).encode(),
        folders.SCRIPT: bulletin.script(approval).encode(),
    }


def put(batch: files.Batch, root: Path, name: str, bulletin: Bulletin, approval: Approval | None) -> None:
    """Without items there is nothing to read, and no sheet may lie there as if there were; nor an old recording."""
    if not bulletin.items:
        drop(batch, name, (*folders.PAPERS, *folders.RECORDING, folders.APPROVED))
        return
    for paper, data in texts(bulletin, approval).items():
        batch.put(f"{name}/{paper}", data)
    record = files.read_json(root / name / folders.MARKS)
    if record is not None and record.get("digest") != bulletin.digest:
        drop(batch, name, folders.RECORDING)


def drop(batch: files.Batch, name: str, papers: tuple[str, ...]) -> None:
    for paper in papers:
        batch.drop(f"{name}/{paper}")
