"""The channel `email`: a newsletter to those who asked for it, one letter each."""

from channels.email.channel import Email
from channels.email.single import send_single

__all__ = ["Email", "send_single"]
