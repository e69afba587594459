"""The organisation's public page: a static site in plain files, whole at every moment."""

from channels.page.address import article_path, article_url, picture_path, picture_url, video_path
from channels.page.channel import Page
from channels.page.frame import Emblem, Frame, Upcoming
from channels.page.lists import Site
from channels.page.rebuilding import Fault, is_rebuilding, progress_of, rebuild, verify
from channels.page.site import is_built, is_laid_out, lay_out

__all__ = [
    "Emblem",
    "Fault",
    "Frame",
    "Page",
    "Site",
    "Upcoming",
    "article_path",
    "article_url",
    "is_built",
    "is_laid_out",
    "is_rebuilding",
    "lay_out",
    "picture_path",
    "picture_url",
    "progress_of",
    "rebuild",
    "verify",
    "video_path",
]
