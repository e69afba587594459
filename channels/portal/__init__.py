"""The channel `portal`: the ward's pages inside the province's portal, which a person fills in by hand."""

from channels.portal.channel import Portal

__all__ = ["Portal"]
