"""The OA Open API of one OA, as far as publishing goes: articles, videos, broadcasts, tokens.

OA Open API v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet. Every answer is HTTP 200,
errors too. An article that was created is worked on: a look at it (verify, or the listing) brings it forward, and only
when its pictures could be fetched does it stand. Nobody has to look for it to be finished: a listing does so too.
"""

from channels.sandbox.zalo.api import Zalo

__all__ = ["Zalo"]
