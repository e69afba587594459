from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.store import Damaged, Missing, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "kho")


def test_what_is_put_is_got_by_its_digest(store: Store) -> None:
    name = store.put(b"data")
    assert name == hashlib.sha256(b"data").hexdigest()
    assert store.get(name) == b"data"
    assert name in store


def test_the_file_lies_two_folders_deep_under_its_digest(store: Store, tmp_path: Path) -> None:
    name = store.put(b"data")
    assert (tmp_path / "kho" / name[:2] / name[2:4] / name).read_bytes() == b"data"


def test_the_same_bytes_are_kept_once(store: Store, tmp_path: Path) -> None:
    first = store.path(store.put(b"data")).stat()
    store.put(b"data")
    assert store.path(hashlib.sha256(b"data").hexdigest()).stat().st_mtime_ns == first.st_mtime_ns
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_what_was_never_put_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.get("0" * 64)
    assert "0" * 64 not in store


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "0" * 64 + "/..", "G" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_digest_leads_nowhere(name: str, store: Store) -> None:
    with pytest.raises(Missing):
        store.get(name)
    assert name not in store


def test_bytes_changed_on_disk_are_noticed_and_healed_by_the_next_put(store: Store) -> None:
    name = store.put(b"data")
    store.path(name).write_bytes(b"dAta")
    with pytest.raises(Damaged, match="khôi phục từ bản sao lưu"):
        store.get(name)
    store.put(b"data")
    assert store.get(name) == b"data"


def test_a_failed_write_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    name = hashlib.sha256(b"data").hexdigest()
    (tmp_path / "kho" / name[:2] / name[2:4] / name).mkdir(parents=True)  # a folder where the file belongs
    with pytest.raises(OSError, match="directory"):
        store.put(b"data")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_many_writers_of_the_same_bytes_agree(store: Store, tmp_path: Path) -> None:
    writers = [threading.Thread(target=store.put, args=(b"data" * 1000,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert store.get(hashlib.sha256(b"data" * 1000).hexdigest()) == b"data" * 1000


def test_what_comes_in_pieces_is_kept_under_the_digest_of_the_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sha256 = store.put_chunks(iter([b"one", b"", b"two"]))
    assert store.get(sha256) == b"onetwo"
    assert store.put(b"onetwo") == sha256


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Store(tmp_path).put_chunks(broken())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_scraps_of_killed_writers_are_dropped_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    kept = store.put(b"whole")
    old, young = tmp_path / "store" / ".old.part", tmp_path / "store" / ".young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1000, 1000))
    assert store.drop_scraps(before=2000) == 1
    assert (old.exists(), young.exists(), store.get(kept)) == (False, True, b"whole")
    assert Store(tmp_path / "nowhere").drop_scraps(before=2000) == 0
