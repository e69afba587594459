"""Files by what they hold: the SHA-256 of the bytes is the name, so nothing is kept twice and nothing changes unseen.

<root>/ab/cd/abcd…  (64 hexadecimal digits)
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")


class Missing(KeyError):
    """No file of this name is kept."""


class Damaged(OSError):
    """The bytes on disk are no longer those of the name."""


class Store:
    """Files under one root folder. Safe with many writers: a file appears whole, by rename, or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """Where the bytes lie or would lie. Raises `Missing` for what is no digest: no name leads out of the root."""
        if not _NAME.fullmatch(sha256):
            raise Missing(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        """Keeps `data`, forced to disk, and returns its digest. What is kept already and whole is not written again."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.is_file() and path.read_bytes() == data:
            return sha256
        return self.put_chunks([data])

    def put_chunks(self, chunks: Iterable[bytes]) -> str:
        """Keeps what may be too large for memory, forced to disk; hashed while it is written. Returns its digest."""
        self._root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._root, prefix=".", suffix=".part")
        digest = hashlib.sha256()
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            path = self.path(digest.hexdigest())
            path.parent.mkdir(parents=True, exist_ok=True)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return digest.hexdigest()

    def get(self, sha256: str) -> bytes:
        """The bytes, checked. Raises `Missing`, or `Damaged` when the disk gives other bytes."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise Missing(sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"Tệp {sha256[:12]}… trong kho ảnh đã hỏng: khôi phục từ bản sao lưu.")
        return data

    def drop_scraps(self, before: float) -> int:
        """Removes what killed writers left half-written, last touched before that moment (seconds since 1970); how
        many. A writer still at work is younger."""
        old = [path for path in self._root.glob(".*.part") if path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def __contains__(self, sha256: str) -> bool:
        try:
            return self.path(sha256).is_file()
        except Missing:
            return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
