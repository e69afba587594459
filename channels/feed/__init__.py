"""The organisation's feeds: RSS 2.0, Atom and JSON Feed beside the public page, and the podcast of its bulletins."""

from channels.feed.address import FILES
from channels.feed.channel import Feed, shelf_of
from channels.feed.index import Shelf
from channels.feed.shelf import regenerate

__all__ = ["FILES", "Feed", "Shelf", "regenerate", "shelf_of"]
