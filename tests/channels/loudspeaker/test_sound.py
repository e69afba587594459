"""The recording of a session: what is heard when, how long, how loud, and what is said where there is no voice."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import os
import select
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from channels.contract import Account, Content, Desk, Sign
from channels.loudspeaker import (
    Bulletin,
    Loudspeaker,
    NoSound,
    SoundFile,
    audio,
    jingle,
    m3u,
    make_sound,
    session_at,
    sessions_of,
    voice,
)
from channels.loudspeaker.programs import run
from channels.loudspeaker.voice import SAMPLES, espeak, voice_of
from channels.reach import allow
from tests.channels.loudspeaker.conftest import SLOT, WARD

CHANNEL = Loudspeaker()
SHORT = Content("p1", "Họp tổ dân phố số 7", "Mời bà con dự họp lúc 19h30.", "", "", WARD)


def station(root: Path, **settings: str) -> Account:
    given = {"root": str(root), "station": "Đài phường Sông Vàng", "jingle": "10", **settings}
    return Account("a1", "loudspeaker", "Loa phường", given)


def hand_over(account: Account, content: Content = SHORT) -> None:
    desk = Desk("d1", SLOT, SLOT.replace(hour=6), media=lambda sha256: b"")
    CHANNEL.send(CHANNEL.shape(content, account), account, desk)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Account, SoundFile]:
    account = station(tmp_path_factory.mktemp("loa"))
    hand_over(account)
    return account, make_sound(account, SLOT)


def folder(account: Account) -> Path:
    return Path(account.settings["root"]) / "2026-11-23-0730"


def bulletin(account: Account) -> Bulletin:
    session = session_at(account, SLOT)
    assert session is not None
    return session.bulletin


def test_every_sentence_is_marked_in_its_order_with_the_stations_pauses_between(recorded) -> None:
    account, sound = recorded
    said = [sentence for part in bulletin(account).parts for sentence in part.sentences]
    assert [mark.text for mark in sound.marks] == said
    assert sound.marks[0].start == 10.0, "after the jingle"
    gaps = {round(after.start - before.end, 2) for before, after in zip(sound.marks, sound.marks[1:], strict=False)}
    assert gaps == {0.5, 2.0}
    assert {mark.ref for mark in sound.marks if mark.kind == "item"} == {"d1"}


def test_the_estimate_is_near_the_recording(recorded) -> None:
    account, sound = recorded
    assert abs(bulletin(account).seconds / sound.seconds - 1) < 0.1


def test_the_files_are_mp3_and_opus_of_one_length_and_one_loudness(recorded) -> None:
    account, sound = recorded
    assert hashlib.sha256(sound.path.read_bytes()).hexdigest() == sound.sha256
    for name in ("ban-doc.mp3", "ban-doc.opus"):
        said = measured(folder(account) / name)
        assert abs(said["seconds"] - sound.seconds) < 0.1
        assert -24 < said["loudness"] < -22
        assert said["peak"] <= -0.9


def measured(path: Path) -> dict[str, float]:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-af", "ebur128=peak=true:framelog=verbose"]
    said = subprocess.run([*command, "-f", "null", "-"], capture_output=True, check=True).stderr.decode()
    summary = said.rpartition("Summary:")[2]
    pcm = subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", path, "-f", "s16le", "-ac", "1", "-ar", "8000", "-"],
        capture_output=True,
        check=True,
    ).stdout
    return {
        "seconds": len(pcm) / 2 / 8000,
        "loudness": float(summary.partition("I:")[2].split()[0]),
        "peak": float(summary.partition("Peak:")[2].split()[0]),
    }


def test_the_marks_stand_beside_it_as_json_and_as_captions(recorded) -> None:
    account, sound = recorded
    record = json.loads((folder(account) / "ban-doc.marks.json").read_text("utf-8"))
    assert record["marks"][0]["text"] == sound.marks[0].text
    captions = (folder(account) / "ban-doc.vtt").read_text("utf-8")
    assert captions.startswith("WEBVTT\n\n1\n00:00:10.000 --> 00:00:")
    assert session_at(account, SLOT).sound == sound
    assert "ban-doc.mp3\n" in m3u(sessions_of(account), "https://loa.example/")


def test_the_same_words_are_the_same_bytes(recorded, tmp_path: Path) -> None:
    account, sound = recorded
    assert make_sound(account, SLOT) == sound, "what there is is left alone"
    again = replace(account, settings={**account.settings, "root": str(tmp_path)})
    hand_over(again)
    assert make_sound(again, SLOT).sha256 == sound.sha256


def test_new_words_take_the_old_recording_away(tmp_path: Path) -> None:
    account = station(tmp_path)
    hand_over(account)
    (folder(account) / "ban-doc.marks.json").write_text('{"digest": "old"}')
    (folder(account) / "ban-doc.mp3").write_bytes(b"old")
    hand_over(account, replace(SHORT, title="Tin khác"))
    assert session_at(account, SLOT).sound is None
    assert not (folder(account) / "ban-doc.mp3").exists()


def test_what_cannot_be_read_is_not_recorded(tmp_path: Path) -> None:
    account = station(tmp_path)
    hand_over(account, replace(SHORT, lead="Theo QXZT."))
    with pytest.raises(NoSound, match="QXZT"):
        make_sound(account, SLOT)


def test_a_missing_program_costs_the_recording_and_not_the_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    account = station(tmp_path)
    hand_over(account)
    with pytest.raises(NoSound, match="chưa có chương trình espeak-ng: cài gói espeak-ng và ffmpeg"):
        make_sound(account, SLOT)
    assert (folder(account) / "ban-doc.pdf").is_file()


def test_a_look_at_the_account_tells_whether_it_can_be_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk("", SLOT, SLOT, media=lambda sha256: b"")
    good = CHANNEL.check(station(tmp_path), desk).findings[-1]
    assert (good.sign, good.message) == (Sign.GOOD, "Ghi âm được: espeak-ng.")
    monkeypatch.setenv("PATH", "/nonexistent")
    bad = CHANNEL.check(station(tmp_path), desk)
    assert bad.works, "the papers do without"
    assert "cài gói espeak-ng" in bad.findings[-1].message


@pytest.mark.parametrize(
    ("region", "name"), [("north", "vi"), ("centre", "vi-vn-x-central"), ("south", "vi-vn-x-south")]
)
def test_each_region_has_its_voice_at_the_speed_that_was_set(region: str, name: str) -> None:
    slow, fast = espeak(region, 150), espeak(region, 200)
    assert slow.name == name
    sentence = "Bà con giữ gìn vệ sinh chung và đưa rác ra đúng giờ."
    assert len(slow.say(sentence)) > len(fast.say(sentence)) * 1.2


@pytest.mark.parametrize("seconds", [10, 15, 20])
def test_the_tune_is_as_long_as_it_should_be_and_ends_in_silence(seconds: int) -> None:
    pcm = jingle.compose(seconds, 8000)
    assert len(pcm) == seconds * 8000 * 2
    assert audio.level(pcm[:16000]) > -30
    assert audio.level(pcm[-160:]) < -50


def test_the_office_may_lay_its_own_tune_into_the_folder(tmp_path: Path) -> None:
    account = station(tmp_path)
    hand_over(account)
    (tmp_path / "nhac-hieu.wav").write_bytes(wav(b"\x10\x27\xf0\xd8" * SAMPLES))  # two seconds
    sound = make_sound(account, SLOT, Beep())
    assert sound.marks[0].start == 10.0
    assert "nhạc hiệu " in sound.voice


class Beep:
    """Every sentence is one tenth of a second."""

    identity = "beep"

    def say(self, sentence: str) -> bytes:
        return b"\x10\x27\xf0\xd8" * (SAMPLES // 20)


def wav(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES)
        file.writeframes(pcm)
    return out.getvalue()


def test_a_program_that_the_machine_names_can_be_the_voice(tmp_path: Path) -> None:
    script = tmp_path / "giong.py"
    script.write_text(
        "import sys, wave\n"
        "words = open(sys.argv[1], encoding='utf-8').read().split()\n"
        "file = wave.open(sys.argv[2], 'wb'); file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)\n"
        "file.writeframes(b'\\x10\\x27\\xf0\\xd8' * 800 * len(words))\n"
    )
    voice.name_commands({"thu": f"{sys.executable} {script} {{text_file}} {{out}}"})
    account = station(tmp_path, voice="thu")
    assert CHANNEL.problems(account) == []
    assert audio.seconds_of(voice_of(account).say("một hai ba; rm -rf /")) == pytest.approx(0.6, abs=0.02)
    with pytest.raises(ValueError, match="text_file"):
        voice.name_commands({"sai": "giong"})


@pytest.fixture
def service() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A voice over HTTP that answers with a tenth of a second of sound, or refuses a wrong key."""
    asked: list[dict[str, object]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(given)
            right = self.headers["Authorization"] == "Bearer khoa"
            data = wav(b"\x10\x27\xf0\xd8" * (SAMPLES // 20)) if right else b"no"
            self.send_response(200 if right else 401)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_over_http_can_be_the_voice(service, tmp_path: Path) -> None:
    allow(["127.0.0.1"])
    url, asked = service
    account = replace(station(tmp_path, voice="http", voice_url=url), secrets={"voice_key": "khoa"})
    assert audio.seconds_of(voice_of(account).say("Xin chào.")) == pytest.approx(0.1, abs=0.02)
    assert asked == [{"text": "Xin chào.", "rate": 170}]
    with pytest.raises(NoSound, match="từ chối"):
        voice_of(replace(account, secrets={})).say("Xin chào.")


@pytest.mark.parametrize("url", ["", "http://10.0.0.1/", "https://169.254.169.254/"])
def test_a_service_inside_the_network_is_no_voice(url: str, tmp_path: Path) -> None:
    assert CHANNEL.problems(station(tmp_path, voice="http", voice_url=url))


def test_a_voice_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"sleep 600 & echo $! > {pid}; wait"
    with pytest.raises(NoSound, match="chạy quá"):
        run(["sh", "-c", script], seconds=2)  # a busy machine starts it late
    with suppress(ProcessLookupError):  # nobody of that number any more
        assert select.select([os.pidfd_open(int(pid.read_text()))], [], [], 30)[0], "it runs on"
