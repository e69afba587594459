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
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from channels.errors import Rejected, Unavailable

LOCK = ".lock"
SIDE_BY_SIDE = 8  # files forced to disk at a time
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
    return _below(os.path.realpath(root), relative)


def _below(base: str, relative: str) -> Path:
    parts = [part for part in relative.split("/") if part not in ("", ".")]
    if not ("\0" in relative or relative.startswith("/") or ".." in parts or not parts):
        path = base
        for part in parts:
            path = f"{path}/{part}"
            if os.path.islink(path):  # noqa: PTH114 - asked many thousand times in a rebuild
                path = os.path.realpath(path)
        if path.startswith(base.rstrip("/") + "/"):
            return Path(path)
    raise Rejected("Đường dẫn tệp nằm ngoài thư mục của trang: không ghi, hãy kiểm tra tài khoản kênh.", code="path")


def delivery_folder(ref: str, due_at: datetime) -> str:
    """`2026/<delivery>`, where one delivery's papers lie. Raises `Rejected` for a ref that is no folder's name."""
    if not ref or PurePosixPath(ref).name != ref:
        raise Rejected("Mã lượt đăng không dùng làm tên thư mục được.", code="path")
    return f"{due_at.year}/{ref}"


class Batch:
    """Changes to the files under one root that happen together, in the order given, when the `with` block ends well.

    Bytes already in place are left alone, time stamp included. Hold `locked(root)` around it.
    """

    def __init__(self, root: Path) -> None:
        self._base = os.path.realpath(root)
        self._staged: dict[str, tuple[Path, Path]] = {}  # hidden file and target by relative target
        self._dropped: list[str] = []
        self._made: list[Path] = []  # folders made for it
        self._writers = ThreadPoolExecutor(SIDE_BY_SIDE)  # a disk takes many files at once for little more than one
        self._writing: list[Future[None]] = []

    def __enter__(self) -> Batch:
        return self

    def put(self, relative: str, data: bytes) -> None:
        """Puts `data` at `relative` under the root."""
        target = _below(self._base, relative)
        with clear_errors(relative):
            if _stands(target, data):
                return
            self._make_folder(target.parent)
        # The name follows from the target: what a killed process left is written over, not heaped up.
        hidden = target.with_name(f".{target.name}.part")
        self._staged[relative] = hidden, target
        self._writing.append(self._writers.submit(_write, hidden, data, relative))

    def put_json(self, relative: str, record: Mapping[str, Any]) -> None:
        """Sorted keys, no spaces and a closing line end: the same record is the same bytes."""
        written = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.put(relative, (written + "\n").encode())

    def drop(self, relative: str) -> None:
        """Takes the file away; one that is not there counts as taken away."""
        _below(self._base, relative)
        self._dropped.append(relative)

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            with self._writers:  # until the last of them is done
                pass
            if failed is None:
                self._commit()
        finally:
            for hidden, _target in self._staged.values():
                hidden.unlink(missing_ok=True)
            for folder in reversed(self._made):
                with contextlib.suppress(OSError):  # not empty: it is in use
                    folder.rmdir()

    def _commit(self) -> None:
        for written in self._writing:
            written.result()
        folders: dict[Path, str] = {}
        for relative, (hidden, target) in self._staged.items():
            with clear_errors(relative):
                folders[target.parent] = relative
                hidden.replace(target)
        for relative in self._dropped:
            with clear_errors(relative):
                path = _below(self._base, relative)
                path.unlink(missing_ok=True)
                if path.parent.is_dir():
                    folders[path.parent] = relative
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            list(pool.map(_sync_folder, folders.keys(), folders.values()))

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
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


def _stands(target: Path, data: bytes) -> bool:
    try:
        return target.stat().st_size == len(data) and target.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError):
        return False


def _write(hidden: Path, data: bytes, name: str) -> None:
    with clear_errors(name):
        handle = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), MODE)
            os.fsync(file.fileno())


def _sync_folder(folder: Path, name: str) -> None:
    with clear_errors(name):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
