"""The Graph API of one Page, as far as publishing goes.

Graph API v26.0: https://developers.facebook.com/docs/graph-api/reference/page/feed. Published, scheduled and draft
posts are kept apart, as are photos that hang in no post (they vanish after a day). Answers hold only what was asked
for, and leave out what is empty.
"""

from channels.sandbox.facebook.api import PATH, Facebook

__all__ = ["PATH", "Facebook"]
