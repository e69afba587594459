"""The channel `webhook`: a post as signed JSON at an address of the office's choice."""

from channels.webhook.channel import Webhook
from channels.webhook.receiving import verify

__all__ = ["Webhook", "verify"]
