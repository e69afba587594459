"""What can go wrong on a channel, each with what follows.

    ChannelError
    ├── Unsupported      the channel cannot carry it: fix the text
    ├── Rejected         the remote refuses this content: fix the text
    ├── Unauthorized     the account must be reconnected: hold the account
    ├── Throttled        too fast: wait `wait` seconds, nothing was sent
    ├── Unavailable      nothing was sent: retry
    └── OutcomeUnknown   it may or may not stand: look first, never send blindly

They carry the vendor's code, subcode and trace id; never a token, an address with one, or personal data.
"""

from __future__ import annotations


class ChannelError(Exception):
    """`message` is Vietnamese and goes to a person; `code`, `subcode` and `trace` are the vendor's own."""

    def __init__(self, message: str, *, code: str = "", subcode: str = "", trace: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.subcode = subcode
        self.trace = trace


class Unsupported(ChannelError):
    pass


class Rejected(ChannelError):
    pass


class Unauthorized(ChannelError):
    pass


class Throttled(ChannelError):
    def __init__(self, message: str, *, wait: float, code: str = "", subcode: str = "", trace: str = "") -> None:
        super().__init__(message, code=code, subcode=subcode, trace=trace)
        self.wait = wait  # seconds


class Unavailable(ChannelError):
    pass


class OutcomeUnknown(ChannelError):
    pass
