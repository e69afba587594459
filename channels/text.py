"""Text as every channel needs it: Markdown to safe HTML, Markdown to plain words, slugs, cuts. All pure.

The Markdown is CommonMark with tables and without raw HTML. Rules: https://spec.commonmark.org/0.31.2/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "br", "hr"),
    *("blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
SLUG_LIMIT = 80
OPENING_LEAST = 40  # characters: shorter ones are headings

# What no reader sees and XML 1.0 or a careful eye refuses: C0/C1 controls, lone surrogates, noncharacters, and the
# invisible marks that reverse or split text. ZWJ and ZWNJ stay: emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def _image_as_words(renderer: RendererHTML, tokens: Sequence[Token], at: int, *_: object) -> str:
    """Pictures come from the library, with an alternative text; one written into the body is told, not fetched."""
    return nh3.clean_text(tokens[at].content)


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    reader.add_render_rule("image", _image_as_words)
    return reader


_MARKDOWN = _markdown()


def nfc(text: str) -> str:
    """Text in NFC, lines ended by LF, without characters nobody can see and XML cannot carry."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", ended))


@lru_cache(maxsize=64)  # every channel asks for the same body in turn
def to_html(markdown: str) -> str:
    """Sanitised HTML fragment. The highest heading becomes h2 (h1 is the title) and no level is jumped over."""
    tokens = _MARKDOWN.parse(nfc(markdown))
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = {tag: f"h{at + 2}" for at, tag in enumerate(sorted({token.tag for token in headings}))}
    for token in headings:
        token.tag = ranks[token.tag] if ranks[token.tag] in TAGS else "h6"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    ).strip()


@lru_cache(maxsize=64)
def to_text(markdown: str) -> str:
    """Plain words: paragraphs apart by an empty line, list items one a line, a link as `words (address)`."""
    return _blocks(SyntaxTreeNode(_MARKDOWN.parse(nfc(markdown))).children, "\n\n")


def slug(title: str) -> str:
    """ASCII words joined by hyphens, at most `SLUG_LIMIT` characters; "" when no letter or digit is left."""
    folded = nfc(title).lower().replace("đ", "d")
    ascii_only = unicodedata.normalize("NFD", folded).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    if len(words) <= SLUG_LIMIT:
        return words
    return words[: SLUG_LIMIT + 1].rpartition("-")[0] or words[:SLUG_LIMIT]


def shorten(text: str, limit: int) -> str:
    """Text of at most `limit` characters, cut between words and ended by "…" when something was left out."""
    text = text.strip()
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    head = text[:limit]
    kept = head if limit == 1 else re.sub(r"(?<!\s)\s+\S*$", "", head)
    return kept[: limit - 1].rstrip(" \n\t,;:.–-([“\"'\u200d\ufe0f") + "…"


def opening(text: str, limit: int) -> str:
    """One line that says what plain words are about: the first paragraph of some length, shortened."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    first = next((part for part in paragraphs if len(part) >= OPENING_LEAST), " ".join(text.split()))
    return shorten(first, limit)


def _blocks(nodes: Sequence[SyntaxTreeNode], between: str) -> str:
    return between.join(words for words in map(_block, nodes) if words)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "table":
            rows = [row for part in node.children for row in part.children]
            return "\n".join(" | ".join(_inline(cell) for cell in row.children) for row in rows)
        case "blockquote":
            return _blocks(node.children, "\n\n")
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case _:
            return _inline(node)


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, first):
        marker = f"{number}. " if node.type == "ordered_list" else "- "
        items.append(marker + _blocks(item.children, "\n").replace("\n", "\n  "))
    return "\n".join(items)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline" | "image":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(node)
        case _:
            return "".join(map(_inline, node.children))


def _link(node: SyntaxTreeNode) -> str:
    words = "".join(map(_inline, node.children))
    address = str(node.attrs.get("href", ""))
    known = unquote(address).removeprefix("mailto:").removeprefix("tel:")
    return words if known in ("", words, unquote(words)) else f"{words} ({address})"
