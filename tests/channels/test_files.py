import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from channels import files
from channels.errors import Rejected, Unavailable

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", ["../ngoai", "/etc/passwd", "bai/../../ngoai", "", ".", "bai/\0x"])
def test_a_path_out_of_the_folder_is_refused(tmp_path, path):
    with pytest.raises(Rejected, match="nằm ngoài thư mục"):
        files.inside(tmp_path / "trang", path)


def test_a_symbolic_link_out_of_the_folder_is_refused(tmp_path):
    site = tmp_path / "trang"
    site.mkdir()
    (site / "bai").symlink_to(tmp_path)
    with pytest.raises(Rejected, match="nằm ngoài thư mục"):
        files.inside(site, "bai/index.html")


def test_a_batch_puts_all_its_files_and_takes_away_what_it_drops(tmp_path):
    (tmp_path / "cu.txt").write_bytes(b"c")
    with files.Batch(tmp_path) as batch:
        batch.put("a/b/mot.txt", b"1")
        batch.put_json("hai.json", {"b": 1, "a": "đ"})
        batch.drop("cu.txt")
        batch.drop("khong-co.txt")
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == {
        "a/b/mot.txt",
        "hai.json",
    }
    assert (tmp_path / "hai.json").read_text() == '{"a":"đ","b":1}\n'
    assert (tmp_path / "hai.json").stat().st_mode & 0o777 == files.MODE


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path):
    (tmp_path / "mot.txt").write_bytes(b"cu")

    def half():
        with files.Batch(tmp_path) as batch:
            batch.put("mot.txt", b"moi")
            batch.put("sau/hai.txt", b"2")
            batch.drop("mot.txt")
            raise ValueError("dừng giữa chừng")

    with pytest.raises(ValueError, match="dừng"):
        half()
    assert [p.name for p in tmp_path.rglob("*")] == ["mot.txt"]
    assert (tmp_path / "mot.txt").read_bytes() == b"cu"


def test_bytes_already_in_place_keep_their_time_stamp(tmp_path):
    path = tmp_path / "mot.txt"
    path.write_bytes(b"1")
    os.utime(path, (1_000_000, 1_000_000))
    with files.Batch(tmp_path) as batch:
        batch.put("mot.txt", b"1")
    assert path.stat().st_mtime == 1_000_000


def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path):
    (tmp_path / "trang").write_bytes(b"")
    with (
        pytest.raises(Unavailable, match=r"Chưa gửi gì: không ghi được “trang”.*đang là một tệp") as caught,
        files.locked(tmp_path / "trang"),
    ):
        pass
    assert caught.value.code in ("ENOTDIR", "EEXIST")


def test_a_full_disk_is_a_clear_error_and_keeps_the_old_bytes(tmp_path):
    """A limit on the size of files stops the write half-way, as a full disk does."""
    (tmp_path / "bai.html").write_bytes(b"cu")
    child = """
import resource, sys
from pathlib import Path
from channels import files
from channels.errors import Unavailable
root = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with files.Batch(root) as batch:
        batch.put("nho.html", b"x")
        batch.put("bai.html", b"x" * 100_000)
except Unavailable as error:
    print(error.message)
"""
    told = subprocess.run(
        [sys.executable, "-B", "-c", child, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("Chưa gửi gì: không ghi được “bai.html”.")
    assert [p.name for p in tmp_path.iterdir()] == ["bai.html"]
    assert (tmp_path / "bai.html").read_bytes() == b"cu"


def test_a_full_device_says_the_disk_is_full():
    with pytest.raises(Unavailable, match="Đĩa đã đầy") as caught, files.clear_errors("rss.xml"):
        Path("/dev/full").write_bytes(b"x" * 10_000)
    assert caught.value.code == "ENOSPC"


def test_what_a_killed_process_left_is_written_over(tmp_path):
    child = "import os, sys\nfrom pathlib import Path\nfrom channels import files\n"
    child += "batch = files.Batch(Path(sys.argv[1])).__enter__()\nbatch.put('rss.xml', b'nua' * 9)\nos._exit(9)"
    subprocess.run([sys.executable, "-B", "-c", child, tmp_path], cwd=ROOT, check=False)
    assert not (tmp_path / "rss.xml").exists()
    with files.Batch(tmp_path) as batch:
        batch.put("rss.xml", b"xong")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"rss.xml": b"xong"}


def test_only_one_writer_is_in_a_folder_at_a_time(tmp_path):
    counter = tmp_path / "dem"
    counter.write_text("0")

    def work():
        for _ in range(20):
            with files.locked(tmp_path):
                counter.write_text(str(int(counter.read_text()) + 1))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.read_text() == "160"


def test_a_lock_ends_with_the_process_that_held_it(tmp_path):
    child = "import os, sys\nfrom pathlib import Path\nfrom channels import files\n"
    child += "with files.locked(Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-B", "-c", child, tmp_path], cwd=ROOT, check=False).returncode == 9
    with files.locked(tmp_path):
        assert (tmp_path / files.LOCK).exists()


def test_a_broken_record_reads_as_none(tmp_path):
    (tmp_path / "hong.json").write_text("{")
    (tmp_path / "danh-sach.json").write_text("[]")
    assert files.read_json(tmp_path / "hong.json") is None
    assert files.read_json(tmp_path / "danh-sach.json") is None
    assert files.read_json(tmp_path / "khong-co.json") is None
