"""A Facebook Page. Graph API v26.0: https://developers.facebook.com/docs/pages-api/posts"""

from channels.facebook.connector import Facebook

__all__ = ["Facebook"]
