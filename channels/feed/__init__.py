"""The organisation's feeds: RSS 2.0, Atom and JSON Feed beside the public page."""

from channels.feed.channel import Feed
from channels.feed.shelf import FILES, Shelf, regenerate

__all__ = ["FILES", "Feed", "Shelf", "regenerate"]
