"""What really stands, channel by channel: from the referee's record and from the files, and what is torn among them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.chaos.facts import Act, Facts

NEWEST = 50  # items the feed files show
FILES = ("photo", "video")  # nothing anybody reads before a post shows it
HEAD = ("id", "action", "of", "of_remote", "published_at", "changed_at")  # of a webhook, beside the payload
Digest = str


@dataclass
class Publication:
    """One thing that stands, or stood. Digests are of approved payloads; "" for words nobody froze."""

    kind: str
    object: str
    born: Digest
    now: Digest
    at: float = 0.0
    gone: bool = False
    stood: bool = True  # False: taken in by the vendor, never seen in public
    owner: str = ""  # ref of the delivery that made it, where the file says so
    marks: tuple[tuple[str, Digest], ...] = ()  # every delivery the file names: ref and digest, oldest first


@dataclass
class Standing:
    publications: list[Publication] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)  # sentences on files that are not whole


def canonical(kind: str, body: Mapping[str, Any]) -> Digest:
    """The digest an approval is bound to, by its definition: sorted keys, no spaces, UTF-8."""
    record = {"kind": kind, "body": body}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(facts: Facts) -> Standing:
    found = Standing()
    found.publications += [*vendor(facts, "facebook", "published"), *vendor(facts, "zalo", "created")]
    found.publications += [*broadcasts(facts), *webhook(facts)]
    for folder in sorted(path for path in facts.site.glob("*") if path.is_dir()):
        pages(folder, found)
        feeds(folder, found)
    for folder in sorted(facts.desk.glob("*/loudspeaker-*")):
        loudspeaker(folder, found)
    for folder in sorted(facts.desk.glob("*/contracted-*")):
        contracted(folder, found)
    return found


# -- vendors -----------------------------------------------------------------------------------------------------------


def words(kind: str, content: Mapping[str, Any]) -> str:
    """What identifies the words of a vendor's object, the same for a payload and for the record."""
    if kind == "zalo":
        article = content.get("article", content)
        return json.dumps({k: v for k, v in article.items() if k != "id"}, ensure_ascii=False, sort_keys=True)
    return str(content.get("message", content.get("description", "")))


def frozen(facts: Facts, kind: str) -> dict[str, Digest]:
    """Digest by words, of everything that was ever submitted."""
    return {words(kind, row["body"]): row["digest"] for row in facts.renderings if row["kind"] == kind}


def vendor(facts: Facts, kind: str, begins: str) -> Iterator[Publication]:
    digests = frozen(facts, kind)
    objects: dict[str, list[Act]] = defaultdict(list)
    for act in facts.record:
        if act.vendor == kind and act.act not in FILES and act.content.get("kind") not in FILES:
            objects[act.object].append(act)
    for name, acts in objects.items():
        if acts[0].act == begins:
            yield life(kind, name, acts, digests)
        elif acts[0].act != "broadcast":
            yield Publication(kind, f"{name} ({acts[0].act})", "", "", acts[0].at)


def life(kind: str, name: str, acts: list[Act], digests: Mapping[str, Digest]) -> Publication:
    """An object from its first act to its last. An article is created first, and stands when it is published."""
    born = digests.get(words(kind, acts[0].content), "")
    made = Publication(kind, name, born, born, acts[0].at, stood=acts[0].act == "published")
    for act in acts[1:]:
        made.gone = act.act in ("deleted", "hidden")
        made.stood = made.stood or act.act == "published"
        if act.act in ("published", "edited"):
            made.now = digests.get(words(kind, act.content), "")
        elif act.act not in ("deleted", "hidden", "shown"):
            made.now = ""  # an act the referee should not have seen
    return made


def broadcasts(facts: Facts) -> Iterator[Publication]:
    """A message to everybody belongs to the article it sends, whose post it is."""
    articles = {row["remote_id"]: row for row in facts.deliveries if row["kind"] == "zalo" and row["remote_id"]}
    orders = {row["version_id"]: row for row in facts.deliveries if row["kind"] == "zalo_broadcast"}
    posts = {row["id"]: row["post_id"] for row in facts.versions}
    by_post = {posts[version]: row for version, row in orders.items() if row["attempts_made"]}
    for act in facts.record:
        if act.act == "broadcast":
            article = articles.get(act.content["articles"][0])
            row = by_post.get(posts[article["version_id"]]) if article else None
            digest, owner = (row["digest"], row["ref"]) if row else ("", "")
            yield Publication("zalo_broadcast", act.object, digest, digest, act.at, owner=owner)


def webhook(facts: Facts) -> Iterator[Publication]:
    """As a receiver keeps them that drops an id it has had."""
    kept: dict[str, Publication] = {}
    seen: set[str] = set()
    for act in (act for act in facts.record if act.vendor == "webhook"):
        told = json.loads(act.content["body"])
        if told["action"] == "ping" or told["id"] in seen:
            continue
        seen.add(told["id"])
        digest = canonical("webhook", {name: value for name, value in told.items() if name not in HEAD})
        if told["action"] == "publish":
            kept[told["id"]] = Publication("webhook", told["id"], digest, digest, act.at, owner=told["id"])
        elif told["action"] == "correct":
            kept[told["of"]].now = digest
        else:
            kept[told["of"]].gone = True
    yield from kept.values()


# -- the public site ---------------------------------------------------------------------------------------------------


def pages(root: Path, found: Standing) -> None:
    """Every article: its record, its page whole, its place in the map of the site."""
    listed = Counter(
        url for part in addresses(root / "sitemap.xml", found) for url in addresses(beside(root, part), found)
    )
    for path in sorted(root.glob("bai/*/index.html")):
        if not (path.parent / "bai.json").is_file():
            if "http-equiv" not in path.read_text(errors="replace"):  # a page that leads to the article's real place
                found.torn.append(f"{path.relative_to(root)} stands without its record")
            continue
        record = document(path.parent / "bai.json", found)
        if record is None:
            continue
        data = path.read_bytes()
        whole = hashlib.sha256(data).hexdigest() == record["page_sha256"] and data.rstrip().endswith(b"</html>")
        if not whole:
            found.torn.append(f"{path.relative_to(root)} is not what its record says")
        times = sum(number for url, number in listed.items() if url.endswith("/" + record["path"]))
        if times != (0 if record["withdrawn"] else 1):
            found.torn.append(f"{record['path']} stands {times} times in the map of the site")
        found.publications.append(in_files("page", record["path"], record))


def in_files(kind: str, name: str, record: Mapping[str, Any]) -> Publication:
    marks, gone = record["deliveries"], bool(record["withdrawn"])
    now = marks[-1]["digest"] if gone else canonical(kind, record["body"])
    named = tuple((mark["ref"], mark["digest"]) for mark in marks)
    return Publication(kind, name, named[0][1], now, gone=gone, owner=named[0][0], marks=named)


def beside(root: Path, url: str) -> Path:
    """The file of a part of the map, which stands where the map does."""
    return root / url.rpartition("/")[2]


def addresses(path: Path, found: Standing) -> Iterator[str]:
    tree = xml(path, found)
    if tree is not None:
        yield from (node.text or "" for node in tree.iter() if node.tag.endswith("loc"))


# -- the feeds ---------------------------------------------------------------------------------------------------------


def feeds(root: Path, found: Standing) -> None:
    """One record an item, none both in and out, and the newest of them, each once, in the files people read."""
    items = [record for path in sorted(root.glob("feed/items/*.json")) if (record := document(path, found))]
    out = [record for path in sorted(root.glob("feed/withdrawn/*.json")) if (record := document(path, found))]
    for record in [*items, *out]:
        found.publications.append(in_files("feed", record["guid"], record))
    if not [*items, *out]:
        return
    standing = sorted(items, key=lambda record: (record["published"], record["guid"]), reverse=True)
    wanted = {record["guid"] for record in standing[:NEWEST]}
    again = {record["guid"] for record in standing[NEWEST:] if len(record["deliveries"]) > 1}  # corrected of late
    for name, guids in shown(root, found).items():
        if sorted(set(guids) - again) != sorted(wanted) or len(set(guids)) != len(guids):
            lost, more = len(wanted - set(guids)), len(guids) - len(wanted & set(guids))
            found.torn.append(f"{name} lacks {lost} of the newest items and shows {more} it should not")


def shown(root: Path, found: Standing) -> dict[str, list[str]]:
    """guids by file."""
    told: dict[str, list[str]] = {}
    for name, tag in (("rss.xml", "guid"), ("atom.xml", "entry")):
        tree = xml(root / name, found)
        if tree is None:
            continue
        if tag == "guid":
            told[name] = [node.text or "" for node in tree.iter("guid")]
        else:
            space = "{http://www.w3.org/2005/Atom}"
            told[name] = [entry.findtext(f"{space}id") or "" for entry in tree.iter(f"{space}entry")]
    if (feed := document(root / "feed.json", found)) is not None:
        told["feed.json"] = [item["id"] for item in feed["items"]]
    return told


# -- what lies on people's desks ---------------------------------------------------------------------------------------


def loudspeaker(root: Path, found: Standing) -> None:
    for path in sorted(root.glob("*/items/*.json")):
        record = document(path, found)
        if record is None:
            continue
        script, sheet = path.parent.parent / "ban-doc.txt", path.parent.parent / "ban-doc.docx"
        text = script.read_text() if script.is_file() else ""
        if record["body"]["sentences"][0] not in text:
            found.torn.append(f"{path.relative_to(root)} is not in its bulletin")
        if not zipfile.is_zipfile(sheet):
            found.torn.append(f"{sheet.relative_to(root)} is no whole document")
        found.publications.append(on_desk("loudspeaker", path.relative_to(root), path.stem, record))


def contracted(root: Path, found: Standing) -> None:
    for path in sorted(root.glob("*/*/order.json")):
        record = document(path, found)
        if record is None:
            continue
        papers = list(path.parent.glob("*.docx"))
        if not papers or not all(map(zipfile.is_zipfile, papers)):
            found.torn.append(f"{path.parent.relative_to(root)} holds no whole order")
        made = on_desk("contracted", path.relative_to(root), path.parent.name, record)
        made.gone = bool(record.get("cancelled_at"))
        found.publications.append(made)


def on_desk(kind: str, name: Path, ref: str, record: Mapping[str, Any]) -> Publication:
    """The file keeps its newest words only; whose delivery it is, its name says."""
    now = canonical(kind, record["body"])
    return Publication(kind, str(name), "", now, owner=ref)


# -- files -------------------------------------------------------------------------------------------------------------


def document(path: Path, found: Standing) -> dict[str, Any] | None:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        found.torn.append(f"{path.name} in {path.parent.name} cannot be read")
        return None
    return record if isinstance(record, dict) else None


def xml(path: Path, found: Standing) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(path.read_bytes())  # noqa: S314 (our own file)
    except (OSError, ElementTree.ParseError):
        found.torn.append(f"{path.name} in {path.parent.name} cannot be read")
        return None
