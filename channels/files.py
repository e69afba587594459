"""Files other people read while we write them: whole or not at all, never outside their folder.

What is written goes to hidden files beside their targets and is forced to disk; only when all of it is there are they
renamed over the targets, which takes no space. So a reader, a crash or a full disk meets the old bytes or the new ones.
What cannot be written raises `Unavailable`: nothing stands that did not before.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from channels.errors import Rejected, Unavailable

LOCK = ".lock"
MODE = 0o644  # a web server under another name reads these files

_REASONS = {
    errno.ENOSPC: "Đĩa đã đầy: dọn bớt đĩa rồi gửi lại.",
    errno.EDQUOT: "Đĩa đã đầy: dọn bớt đĩa rồi gửi lại.",
    errno.EFBIG: "Tệp vượt cỡ mà máy chủ cho phép: nâng giới hạn rồi gửi lại.",
    errno.EACCES: "Không có quyền ghi: cấp quyền thư mục cho dịch vụ rồi gửi lại.",
    errno.EPERM: "Không có quyền ghi: cấp quyền thư mục cho dịch vụ rồi gửi lại.",
    errno.EROFS: "Đĩa chỉ cho đọc: gắn lại đĩa rồi gửi lại.",
    errno.ENOTDIR: "Đường dẫn của trang đang là một tệp: sửa thư mục trong cấu hình rồi gửi lại.",
    errno.EEXIST: "Đường dẫn của trang đang là một tệp: sửa thư mục trong cấu hình rồi gửi lại.",
}


def inside(root: Path, relative: str) -> Path:
    """The path of `relative` under `root`. Raises `Rejected` for one that would leave it, also by a symbolic link."""
    parts = PurePosixPath(relative)
    if not ("\0" in relative or parts.is_absolute() or ".." in parts.parts or not parts.parts):
        base = root.resolve()
        path = (base / parts).resolve()
        if path.is_relative_to(base) and path != base:
            return path
    raise Rejected("Đường dẫn tệp nằm ngoài thư mục của trang: không ghi, hãy kiểm tra tài khoản kênh.", code="path")


class Batch:
    """Changes to the files under one root that happen together, in the order given, when the `with` block ends well.

    Bytes already in place are left alone, time stamp included. Hold `locked(root)` around it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staged: dict[str, Path] = {}  # hidden file by relative target
        self._dropped: list[str] = []
        self._made: list[Path] = []  # folders made for it

    def __enter__(self) -> Batch:
        return self

    def put(self, relative: str, data: bytes) -> None:
        """Puts `data` at `relative` under the root."""
        target = inside(self._root, relative)
        with clear_errors(relative):
            if target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data:
                return
            self._make_folder(target.parent)
            # The name follows from the target: what a killed process left is written over, not heaped up.
            hidden = target.with_name(f".{target.name}.part")
            handle = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
            self._staged[relative] = hidden
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), MODE)
                os.fsync(file.fileno())

    def put_json(self, relative: str, record: Mapping[str, Any]) -> None:
        """Sorted keys, no spaces and a closing line end: the same record is the same bytes."""
        written = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.put(relative, (written + "\n").encode())

    def drop(self, relative: str) -> None:
        """Takes the file away; one that is not there counts as taken away."""
        inside(self._root, relative)
        self._dropped.append(relative)

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                self._commit()
        finally:
            for hidden in self._staged.values():
                hidden.unlink(missing_ok=True)
            for folder in reversed(self._made):
                with contextlib.suppress(OSError):  # not empty: it is in use
                    folder.rmdir()

    def _commit(self) -> None:
        folders = {}
        for relative, hidden in list(self._staged.items()):
            with clear_errors(relative):
                folders[hidden.parent] = relative
                hidden.replace(inside(self._root, relative))
        for relative in self._dropped:
            with clear_errors(relative):
                path = inside(self._root, relative)
                path.unlink(missing_ok=True)
                if path.parent.is_dir():
                    folders[path.parent] = relative
        for folder, relative in folders.items():
            with clear_errors(relative):
                _sync_folder(folder)

    def _make_folder(self, folder: Path) -> None:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self._made += reversed(missing)


def read_json(path: Path) -> dict[str, Any] | None:
    """The record at `path`; None when there is none or it is no JSON object."""
    with clear_errors(path.name):
        try:
            record = json.loads(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
    return record if isinstance(record, dict) else None


def digest(data: bytes) -> str:
    """SHA-256 as every proof writes it."""
    return hashlib.sha256(data).hexdigest()


def sha256(path: Path) -> str:
    """Digest of the bytes on disk, "" when there is no such file."""
    with clear_errors(path.name):
        try:
            return digest(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return ""


@contextlib.contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Only one writer in `folder` at a time, over threads and processes of one machine. Ends with its process.

    Raises `Unavailable` with code "busy" when another holds it and `wait` is False.
    """
    with clear_errors(folder.name):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise Unavailable("Việc này đang có người làm: hãy đợi xong rồi làm lại.", code="busy") from error
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def clear_errors(name: str) -> Iterator[None]:
    """Turns what the system says about a file into `Unavailable` in the reader's words, naming it without its root."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"Hệ thống báo: {error.strerror}.")
        code = errno.errorcode.get(error.errno or 0, "")
        raise Unavailable(f"Chưa gửi gì: không ghi được “{name}”. {reason}", code=code) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
