"""The recording of a post, where its page shows it."""

from __future__ import annotations

from typing import Any

from django import template

from campaigns.models import Post
from publisher.console.previews import MARK
from publisher.delivery.listening import WRITTEN, sound_of
from publisher.delivery.shaping import words_of

register = template.Library()


@register.inclusion_tag("console/_post_listening.html", takes_context=True)
def listening(context: dict[str, Any], post: Post) -> dict[str, Any]:
    """A player where there is a recording of the saved words, and the button that makes one."""
    sound = sound_of(post, words_of(post))
    offered = post.state in WRITTEN and context["may"].get("write", False)
    mark = sound.sha256[:MARK] if sound else ""
    return {"post": post, "sound": sound, "mark": mark, "offered": offered, "csrf_token": context.get("csrf_token")}
