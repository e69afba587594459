"""The web server of deploy/ as it is, on loopback, before a real site; and the process itself saying the same."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.test import Client

from channels.files import Batch
from channels.page import Frame, Site, lay_out
from publisher.public.serving import FEEDS, FOR_A_MINUTE, FOR_GOOD, TYPES

DEPLOY = Path(__file__).parents[2] / "deploy"
SLUG, DOMAIN = "phuong-song-vang", "songvang.lacan.example"
FRAME = Frame("Ủy ban nhân dân phường Sông Vàng", "Phường Sông Vàng", hotline="0236 3 999 999")
SAID = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"]
SAID += ["Cross-Origin-Opener-Policy", "Content-Type", "Cache-Control"]
MARK = "0123456789abcdef"


@dataclass
class WebServer:
    port: int
    site: Path

    def get(self, path: str, host: str = "127.0.0.1", **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, **named})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    assert program, "install nginx-light (scripts/system-packages)"
    with tempfile.TemporaryDirectory() as folder:  # pytest's own lets in nobody else, and this one runs as nobody
        yield from running(program, Path(folder))


def running(program: str, folder: Path) -> Iterator[WebServer]:
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    site = folder / "site" / "trang" / SLUG
    furnish(site)
    configuration = written(folder, port)
    command = [program, "-p", str(folder), "-c", str(configuration), "-e", str(folder / "log"), "-g", "daemon off;"]
    process = subprocess.Popen(command, user=65534 if os.getuid() == 0 else None, stderr=subprocess.PIPE)
    try:
        wait_for(port, process)
        yield WebServer(port, site)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def written(folder: Path, port: int) -> Path:
    """The files of deploy/ with their places moved into the folder of the test, and nothing else changed."""
    moved = {
        " /tmp/": f" {folder}/tmp/",  # noqa: S108 - what stands in the file
        "/etc/publisher/": f"{folder}/",
        "/srv/site": f"{folder}/site",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "http://web:8000": "http://127.0.0.1:9",  # no console behind it
    }
    (folder / "domains").mkdir()
    (folder / "tmp").mkdir()
    for name in ("nginx.conf", "site.conf", "domains/songvang.conf.example"):
        text = (DEPLOY / name).read_text()
        for before, after in moved.items():
            text = text.replace(before, after)
        (folder / name.removesuffix(".example")).write_text(text)
    for path in [folder, *folder.rglob("*")]:
        if os.getuid() == 0:
            os.chown(path, 65534, 65534)
    return folder / "nginx.conf"


def furnish(root: Path) -> None:
    """A laid-out site, and one file of every type beside it."""
    lay_out(Site(root, f"http://127.0.0.1/trang/{SLUG}/"), FRAME, lambda sha256: b"")
    with Batch(root) as batch:
        for name in FEEDS:
            batch.put(name, b"<feed/>" * 40)
        for extension in TYPES:
            batch.put(f"thu/tep.{extension}", b"x" * 40)
        batch.put(f"anh/{MARK}.avif", b"picture")
        batch.put("bai/tin-a1/index.html", b"<!doctype html>")
        batch.put_json("bai/tin-a1/bai.json", {"secret": True})
        batch.put("feed/tin.json", b"{}")


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the web server does not answer")


def path_of(name: str) -> str:
    return f"/trang/{SLUG}/{name}"


@pytest.fixture
def ours(server: WebServer, settings, db):
    """What the process itself answers for the same files."""
    settings.SITE_ROOT = server.site.parent
    return Client()


PAGES = [
    "",
    "kieu.css",
    "kieu.css?v=1f2e",
    "404.html",
    "sitemap.xml",
    f"anh/{MARK}.avif",
    "tim/muc-luc.json",
    "khong-co",
]
PAGES += [*FEEDS, *(f"thu/tep.{extension}" for extension in TYPES)]


@pytest.mark.parametrize("name", PAGES)
def test_web_server_and_process_say_the_same_with_every_file(server, ours, name):
    theirs, _ = server.get(path_of(name))
    own = ours.get(path_of(name))
    assert own.status_code == theirs.status
    for header in SAID:
        assert plain(own.headers.get(header)) == plain(theirs.getheader(header)), header


def plain(value: str | None) -> str:
    """Directives of a policy in one order."""
    return "; ".join(sorted(re.split(r";\s*", value or ""))).lower()


def test_every_file_goes_out_with_its_type_and_nobody_guesses(server):
    for extension, media_type in TYPES.items():
        answer, _ = server.get(path_of(f"thu/tep.{extension}"))
        assert answer.getheader("Content-Type") == media_type, extension
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
    for name, media_type in FEEDS.items():
        assert server.get(path_of(name))[0].getheader("Content-Type") == media_type


def test_pages_run_only_our_own_script_and_stand_in_no_frame(server):
    answer, _ = server.get(path_of(""))
    policy = dict(part.split(" ", 1) for part in answer.getheader("Content-Security-Policy").split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["img-src"] == policy["media-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


def test_what_is_named_by_its_content_is_kept_and_all_else_asked_for_again(server):
    kept = {name: server.get(path_of(name))[0].getheader("Cache-Control") for name in ("", f"anh/{MARK}.avif")}
    assert kept == {"": FOR_A_MINUTE, f"anh/{MARK}.avif": FOR_GOOD}
    assert server.get(path_of("kieu.css?v=1f2e"))[0].getheader("Cache-Control") == FOR_GOOD
    assert server.get(path_of("kieu.css"))[0].getheader("Cache-Control") == FOR_A_MINUTE


@pytest.mark.parametrize("name", ["", "rss.xml", "kieu.css", f"anh/{MARK}.avif"])
def test_what_did_not_change_is_not_sent_again(server, name):
    first, body = server.get(path_of(name))
    assert body
    again, nothing = server.get(path_of(name), If_None_Match=first.getheader("ETag"))
    assert (again.status, nothing) == (304, b"")
    assert again.getheader("Content-Security-Policy")


def test_the_sites_own_page_answers_for_what_is_not_there(server):
    answer, body = server.get(path_of("bai/khong-co-x1/"))
    assert answer.status == 404
    assert "Sông Vàng" in body.decode()
    assert answer.getheader("Content-Security-Policy")


@pytest.mark.parametrize(
    "name",
    [
        ".khung.json",
        ".muc-luc.sqlite3",
        ".lock",
        ".dung-lai/.lock",
        "bai/tin-a1/bai.json",
        "feed/tin.json",
        "bai/.x.part",
    ],
)
def test_records_and_hidden_files_are_refused(server, name):
    assert server.get(path_of(name))[0].status == 404
    assert server.get("/" + name, host=DOMAIN)[0].status == 404


def test_a_link_out_of_the_site_leads_nowhere(server, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    link = server.site / "lien-ket.txt"
    link.symlink_to(tmp_path / "secret.txt")
    assert server.get(path_of("lien-ket.txt"))[0].status in (403, 404)
    link.unlink()


def test_a_folder_without_its_slash_leads_to_itself(server, ours):
    answer, _ = server.get(path_of("bai/tin-a1"))
    assert (answer.status, answer.getheader("Location")) == (301, path_of("bai/tin-a1/"))
    own = ours.get(path_of("bai/tin-a1"))
    assert (own.status_code, own.headers["Location"]) == (301, path_of("bai/tin-a1/"))


def test_a_domain_of_its_own_shows_the_site_at_its_root_with_the_same_headers(server):
    shared, body = server.get(path_of(""))
    own, same = server.get("/", host=DOMAIN)
    assert same == body
    assert [own.getheader(header) for header in SAID] == [shared.getheader(header) for header in SAID]
    assert server.get(f"/anh/{MARK}.avif", host=DOMAIN)[0].getheader("Cache-Control") == FOR_GOOD
    missing, words = server.get("/khong-co", host=DOMAIN)
    assert missing.status == 404
    assert "Sông Vàng" in words.decode()
    assert server.get(path_of(""), host=DOMAIN)[0].status == 404, "one site, not its neighbours"


def test_text_is_packed_for_slow_lines(server):
    answer, _ = server.get(path_of("rss.xml"), Accept_Encoding="gzip")
    assert answer.getheader("Content-Encoding") == "gzip"
