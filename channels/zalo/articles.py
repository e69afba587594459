"""Articles of an OA as the API tells of them: following a token, the public link, the listing, the detail.

Articles v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet. Creating and replacing answer
with a token: asking with it (`verify`) says -214 while the vendor works, then the id, or why a picture failed. Only the
listing and the detail tell `link_view`, the public address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from channels.contract import Outcome, Proof, Result
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unavailable
from channels.zalo import facts, reading
from channels.zalo.openapi import MediaRefused, OpenApi, Pending
from channels.zalo.reading import Whose

Article = Mapping[str, Any]
NAMED = 5  # pictures named in one message


def look(api: OpenApi, token: str, article: Article) -> Outcome:
    """How far the vendor is: delivered with id and link, or processing. Raises `Rejected` when it has failed.

    How often to ask and when to give up is the engine's: as long as this says processing, nothing is created again.
    """
    try:
        with naming_pictures(article):
            told = api.post("article/verify", {"token": token}, repeatable=True)
    except Pending:
        return Outcome(Result.PROCESSING, token=token)
    remote_id = str(told.get("id", ""))
    if not remote_id:
        raise Unavailable("Zalo chưa cho biết mã bài. Hệ thống sẽ tự hỏi lại.")
    return outcome(remote_id, public_link(api, remote_id, str(article.get("type", "normal"))))


def outcome(remote_id: str, permalink: str) -> Outcome:
    proofs = [Proof("remote_id", "Mã bài trên Zalo", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài trên Zalo", permalink))
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail={"api": facts.VERSION})


def public_link(api: OpenApi, remote_id: str, kind: str) -> str:
    """The article's public address; "" when it cannot be read now. Nothing here may unsay that the article stands."""
    with suppress(ChannelError):
        listed = next((item for item in page(api, kind, 0) if str(item.get("id")) == remote_id), None)
        found = listed or api.get("article/getdetail", id=remote_id)
        return str(found.get("link_view", ""))
    return ""


def page(api: OpenApi, kind: str, number: int) -> list[dict[str, Any]]:
    size = facts.LISTING_PAGE
    told = api.get("article/getslice", offset=str(number * size), limit=str(size), type=kind)
    return list(told.get("medias") or [])


def listed(api: OpenApi, kind: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Articles, newest first, until they are older than what we look for."""
    for number in range(facts.LISTING_PAGES):
        articles = page(api, kind, number)
        yield from articles
        if len(articles) < facts.LISTING_PAGE or reading.moment(articles[-1]) < reading.earliest(since):
            return
    raise Rejected("danh sách bài quá dài để đọc hết.")


def detail(api: OpenApi, remote_id: str) -> dict[str, Any] | None:
    """The article as it stands; None when there is none of this id."""
    try:
        return api.get("article/getdetail", id=remote_id)
    except Rejected as error:
        if error.code in facts.GONE:
            return None
        raise


def visible(standing: Article | None) -> bool:
    """Whether readers see it; one that does not tell its status is taken to be seen."""
    return standing is not None and standing.get("status") != "hide"


def hidden(standing: Article, remote_id: str) -> dict[str, Any]:
    """What replaces an article that stands by the same one, hidden: the API takes no part of an article."""
    kept = ("type", "title", "author", "description", "cover", "body", "comment", "video_id", "avatar")
    document = {name: standing[name] for name in kept if standing.get(name)}
    if isinstance(cover := document.get("cover"), Mapping):
        document["cover"] = {"status": "show", **cover}  # without it the replacement fails at verify
    return {"type": "normal", **document, "id": remote_id, "status": "hide"}


def find(api: OpenApi, article: Article, since: datetime) -> Outcome | None:
    """The article whose creation was not answered, by title, time and text. `OutcomeUnknown`: several might be it."""
    kind = str(article.get("type", "normal"))
    perhaps = []
    for candidate in reading.candidates(listed(api, kind, since), str(article["title"]), since):
        whose = _whose(api, candidate, article)
        if whose is Whose.OURS:
            return _found(candidate)
        if whose is Whose.PERHAPS:
            perhaps.append(candidate)
    if len([candidate for candidate in perhaps if reading.moment(candidate) >= since]) > 1:
        links = ", ".join(str(candidate.get("link_view", "")) for candidate in perhaps[:NAMED])
        raise OutcomeUnknown(f"Trên OA có {len(perhaps)} bài cùng tiêu đề, chưa rõ bài nào của lượt này: {links}.")
    return _found(perhaps[0]) if perhaps else None


def _found(candidate: Article) -> Outcome:
    return outcome(str(candidate["id"]), str(candidate.get("link_view", "")))


def _whose(api: OpenApi, candidate: Article, article: Article) -> Whose:
    standing = detail(api, str(candidate.get("id", "")))
    return Whose.OTHERS if standing is None else reading.whose(standing, article)


@contextmanager
def naming_pictures(article: Article) -> Iterator[None]:
    """A refusal of pictures in words that say which ones to look at."""
    try:
        yield
    except MediaRefused as error:
        words = (
            f"{error.message}. Mở thử từng ảnh từ ngoài mạng cơ quan; mỗi ảnh phải mở được ngay, là JPEG hoặc PNG và "
            f"nhỏ hơn 1 MB: {_named(article)}. Sửa ảnh rồi gửi lại."
        )
        raise Rejected(words, code=error.code) from None


def _named(article: Article) -> str:
    cover = article.get("cover")
    first = cover.get("photo_url", "") if isinstance(cover, Mapping) else article.get("avatar", "")
    images = [element["url"] for element in article.get("body", []) if element.get("type") == "image"]
    named = [f"ảnh bìa {first}", *(f"ảnh thứ {place} {url}" for place, url in enumerate(images, 2))]
    more = f"; và {len(named) - NAMED} ảnh nữa" if len(named) > NAMED else ""
    return "; ".join(named[:NAMED]) + more
