"""A server that behaves like Facebook and Zalo, with faults on demand: for trying the publisher out and for its tests.

It is no channel and knows nothing of the connectors; they meet over HTTP only. What it imitates, and every rule that is
not certain (a switch each), is told in `facebook`, `zalo` and `switches`.
"""

from channels.sandbox.accounts import OA_ID, PAGE_ID, credentials
from channels.sandbox.running import Sandbox, serve

__all__ = ["OA_ID", "PAGE_ID", "Sandbox", "credentials", "serve"]
