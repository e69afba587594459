"""Voices that read a sentence aloud: espeak-ng of the system, a program the installation names, a service over HTTP.

What a voice gives is PCM: signed 16-bit samples, one channel, `SAMPLES` a second, silence at both ends cut off.
"""

from __future__ import annotations

import shlex
import tempfile
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from channels.contract import Account
from channels.errors import ChannelError
from channels.loudspeaker.practice import given
from channels.loudspeaker.programs import NoSound, figures, run
from channels.remote import Call, address_problem, ask, host

SAMPLES = int(figures("sound")["rate"])
ESPEAK, NONE, HTTP = "espeak", "khong", "http"
_SILENT = 100  # of 32768: below it nothing is heard
_commands: dict[str, tuple[str, ...]] = {}


class Voice(Protocol):
    @property
    def identity(self) -> str:
        """Equal for voices that make the same sound of the same words."""

    def say(self, sentence: str) -> bytes:
        """PCM of one sentence. Raises `NoSound`."""


@dataclass(frozen=True, slots=True)
class Espeak:
    name: str  # "vi-vn-x-south"
    speed: int  # its own words a minute

    @property
    def identity(self) -> str:
        return f"{espeak_version()} {self.name} {self.speed}"

    def say(self, sentence: str) -> bytes:
        command = [figures("espeak")["program"], "-v", self.name, "-s", str(self.speed), "-z", "-b", "1", "--stdout"]
        spoken = run(command, given=sentence.encode(), seconds=figures("patience")["sentence"]).stdout
        return trimmed(spoken[44:])  # the header of a wave file that does not know its length


@dataclass(frozen=True, slots=True)
class Program:
    """A command line the installation named, with {text_file} and {out} filled in."""

    command: tuple[str, ...]
    rate: int  # syllables a minute, for {rate}

    @property
    def identity(self) -> str:
        return f"{shlex.join(self.command)} {self.rate}"

    def say(self, sentence: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            text, out = Path(folder) / "loi.txt", Path(folder) / "tieng.wav"
            text.write_text(sentence, "utf-8")
            filled = {"{text_file}": str(text), "{out}": str(out), "{rate}": str(self.rate)}
            run([_filled(word, filled) for word in self.command], seconds=figures("patience")["sentence"])
            if not out.is_file():
                raise NoSound(f"Giọng đọc “{Path(self.command[0]).name}” chạy xong mà không ghi tệp âm thanh nào.")
            return trimmed(decoded(out.read_bytes()))


@dataclass(frozen=True, slots=True)
class Service:
    """A service that answers POST {"text", "rate"} with a sound file."""

    url: str
    key: str
    rate: int

    @property
    def identity(self) -> str:
        return f"{self.url} {self.rate}"

    def say(self, sentence: str) -> bytes:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        document = {"text": sentence, "rate": self.rate}
        connect, read = figures("patience")["answer"]
        try:
            reply = ask(Call("POST", self.url, document=document, headers=headers, repeatable=True), (connect, read))
        except ChannelError as error:
            raise NoSound(f"Dịch vụ giọng đọc chưa trả lời được: {error.message}") from error
        if reply.status != 200 or not reply.body:
            raise NoSound(
                f"Dịch vụ giọng đọc {host(self.url)} từ chối (HTTP {reply.status}): kiểm tra địa chỉ và khóa."
            )
        return trimmed(decoded(reply.body))


def voice_of(account: Account) -> Voice:
    """The voice the account asks for. Raises `NoSound` where there is none."""
    name, rate = given(account, "voice"), int(given(account, "rate"))
    if name == NONE:
        raise NoSound("Đài này không dùng giọng máy: chọn giọng đọc trong phần Tài khoản nếu cần bản ghi.")
    if name == HTTP:
        return Service(given(account, "voice_url"), str(account.secrets.get("voice_key", "")), rate)
    if name in _commands:
        return Program(_commands[name], rate)
    return espeak(given(account, "region"), rate)


def espeak(region: str, rate: int) -> Espeak:
    """The voice of that region at `rate` syllables a minute."""
    table = figures("espeak")
    voice = table.get(region, table["north"])
    speed = round(rate / voice["syllables"])
    return Espeak(voice["name"], min(max(speed, table["least"]), table["most"]))


def checked(account: Account) -> str:
    """The name of the account's voice, after it was heard and the encoder answered. Raises `NoSound`."""
    speaker = voice_of(account)
    run(["ffmpeg", "-version"], seconds=figures("patience")["sentence"])
    if not speaker.say("Xin chào."):
        raise NoSound("Giọng đọc trả lời nhưng không có tiếng nào: chọn giọng khác.")
    return str(figures("espeak")["program"]) if isinstance(speaker, Espeak) else given(account, "voice")


def problems(account: Account) -> list[str]:
    """What is wrong with the voice the account asks for, in the reader's words."""
    name = given(account, "voice")
    known = (ESPEAK, NONE, HTTP, *sorted(_commands))
    if name not in known:
        return [f"Giọng đọc phải là một trong: {', '.join(known)}."]
    problem = address_problem(given(account, "voice_url"), "Địa chỉ dịch vụ giọng đọc") if name == HTTP else ""
    return [problem] if problem else []


def name_commands(commands: Mapping[str, str]) -> None:
    """Programs that accounts may choose by name. Only whoever runs the machine names them: they run on it.

    Raises `ValueError` for one without {text_file} or {out}.
    """
    for name, line in commands.items():
        words = tuple(shlex.split(line))
        if not all(any(place in word for word in words) for place in ("{text_file}", "{out}")):
            raise ValueError(f"voice {name!r} needs {{text_file}} and {{out}}")
        _commands[name] = words


@cache
def espeak_version() -> str:
    said = run([figures("espeak")["program"], "--version"], seconds=figures("patience")["sentence"]).stdout.decode()
    return "espeak-ng " + said.partition(":")[2].split(" ")[1]


def decoded(data: bytes) -> bytes:
    """Any sound file as PCM. It is read from a pipe and may name no other file."""
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe", "-i", "pipe:0"]
    command += ["-vn", "-ac", "1", "-ar", str(SAMPLES), "-f", "s16le", "-fflags", "+bitexact", "pipe:1"]
    return run(command, given=data, seconds=figures("patience")["session"]).stdout


def trimmed(pcm: bytes) -> bytes:
    """Without the silence before the first sound and after the last: the pauses are the station's own."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    heard = (place for place, value in enumerate(samples) if abs(value) > _SILENT)
    first = next(heard, None)
    if first is None:
        return b""
    last = next(place for place in range(len(samples) - 1, -1, -1) if abs(samples[place]) > _SILENT)
    return samples[first : last + 1].tobytes()


def _filled(word: str, values: Mapping[str, str]) -> str:
    for place, value in values.items():
        word = word.replace(place, value)
    return word
