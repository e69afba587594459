"""A Zalo Official Account. OA Open API, articles v2.0: https://developers.zalo.me/docs/official-account/"""

from channels.zalo.connector import Zalo

__all__ = ["Zalo"]
