"""The organisation's public page: a static site in plain files, whole at every moment."""

from channels.page.address import article_path, article_url, picture_path, picture_url, video_path
from channels.page.channel import Page
from channels.page.frame import Emblem, Frame, Upcoming
from channels.page.site import Site, lay_out, rebuild

__all__ = [
    "Emblem",
    "Frame",
    "Page",
    "Site",
    "Upcoming",
    "article_path",
    "article_url",
    "lay_out",
    "picture_path",
    "picture_url",
    "rebuild",
    "video_path",
]
