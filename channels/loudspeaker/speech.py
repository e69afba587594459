"""A bulletin for machines that speak: SSML 1.1 (https://www.w3.org/TR/speech-synthesis11/). Pure."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from channels.loudspeaker import timing
from channels.loudspeaker.bulletin import Bulletin, Kind, Part

NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def ssml(bulletin: Bulletin) -> str:
    """A paragraph a part, a sentence a sentence, with the pauses of the station; a jingle is silence of its length."""
    root = ET.Element("speak", {"xmlns": NAMESPACE, "version": "1.1", _LANG: "vi"})
    for part in bulletin.parts:
        if part.kind is Kind.JINGLE:
            _pause(root, part.seconds)
        else:
            _paragraph(root, part)
            _pause(root, timing.pause("item_pause"))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _paragraph(root: ET.Element, part: Part) -> None:
    paragraph = ET.SubElement(root, "p")
    for sentence in part.sentences:
        ET.SubElement(paragraph, "s").text = "".join(one for one in sentence if one.isprintable())
        _pause(paragraph, timing.pause("sentence_pause"))


def _pause(parent: ET.Element, seconds: float) -> None:
    ET.SubElement(parent, "break", {"time": f"{round(seconds * 1000)}ms"})
