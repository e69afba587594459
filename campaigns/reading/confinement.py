"""Bounds that a process puts on itself, and a program started within them:
`python -m campaigns.reading.confinement SECONDS BYTES PROGRAM ARGUMENT…`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET: unshare(2)
_LARGEST_FILE = 200_000_000


def confine(seconds: int, memory: int) -> None:
    """Bind this process and what it starts, and make it the first to go when the machine itself runs short."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def leave_network() -> bool:
    """Move this process into a network of its own, without any address; False where the system does not let it."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        return bool(library.unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (OSError, AttributeError):
        return False


def main() -> None:
    seconds, memory, program, *arguments = sys.argv[1:]
    confine(int(seconds), int(memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    leave_network()
    os.execv(program, [program, *arguments])  # noqa: S606 (the caller's own program)


if __name__ == "__main__":
    main()
