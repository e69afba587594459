"""A `publisher` command as a child process: its words, its exit code, and its end by process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.services import STOP_SECONDS, stop_process

ROOT = Path(__file__).resolve().parents[1]


class Command:
    """`publisher ARGS…` under way. It leads a process group of its own, so nothing it started outlives the test."""

    def __init__(
        self, *args: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT, module: str = "publisher"
    ) -> None:
        self.name = " ".join((module, *args))
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", module, *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}, cwd=cwd, start_new_session=True,
        )  # fmt: skip
        self._lines: list[str] = []
        self._closed = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        """Standard output and error so far."""
        with self._news:
            return "".join(self._lines)

    def wait_for(self, words: str, seconds: float = 60.0) -> str:
        """The first line holding `words`; raises AssertionError with all output when it ends or takes too long."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._find(words) is not None, seconds)
            line = self._find(words)
        if line is None and self._closed:
            self.process.wait(STOP_SECONDS)
        assert line is not None, f"{self.name} never said {words!r} (exit {self.process.poll()}):\n{self.output}"
        return line

    def wait(self, seconds: float = 120.0) -> int:
        """The exit code, once it has ended by itself."""
        code = self.process.wait(seconds)
        self._reader.join(STOP_SECONDS)
        return code

    def stop(self) -> int:
        """SIGTERM, then SIGKILL; returns the exit code."""
        stop_process(self.process, signal.SIGTERM)
        self._end_group()
        return self.process.returncode

    def kill(self) -> None:
        """SIGKILL to it and to everything it started: what a power cut leaves behind."""
        self._end_group()
        self.process.wait(STOP_SECONDS)

    def _end_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._reader.join(STOP_SECONDS)

    def _find(self, words: str) -> str | None:
        return next((line for line in self._lines if words in line), None)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                with self._news:
                    self._lines.append(line.decode(errors="replace"))
                    self._news.notify_all()
        with self._news:
            self._closed = True
            self._news.notify_all()
