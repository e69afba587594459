"""Channels a plan names: newspapers, broadcasters, portals, social networks, loudspeakers, print, events."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.folding import one_line, squeeze
from campaigns.reading.schema import Channel
from campaigns.reading.sentences import Sentence

_PROPER = r"(?:\s(?:[A-ZĐÂĂÊÔƠƯÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ][\w&]*|và|mới))*"
_AREA = (
    r"(?:\s(?:của\s)?(?:các\s(?:cơ\squan,\sđơn\svị|sở,\sban,\sngành|đơn\svị|cơ\squan)|"
    r"(?:thành phố|tỉnh|huyện|quận|thị xã|phường|xã|thị trấn)(?:,\s(?:phường|xã|thị trấn|quận|huyện|thị xã))*"
    r"(?:\s[A-ZĐ][\wÀ-ỹ]+)*|Thành phố|Tỉnh|Huyện|Phường|Xã))?"
)
_QUOTED = r"(?:\s*[“\"][^”\"]{2,60}[”\"])?"
# What names a channel, its kind, and whether another body has to be asked.
_NAMED: tuple[tuple[str, str, bool], ...] = (
    (rf"Đài (?:Phát thanh|PT)\s?(?:và|&|-|–)\s?(?:Truyền hình|TH|truyền hình){_PROPER}", "contracted", False),
    (rf"Đài PT&?-?TH{_PROPER}", "contracted", False),
    (rf"Đài Truyền hình{_PROPER}", "contracted", False),
    (
        r"(?:Báo|Tạp chí|báo) (?!Cáo)[A-ZĐ][\wÀ-ỹ]+(?:\s(?!(?:để|trên|thực hiện|đăng|tuyên|các|do|theo|và các|với|"
        r"nhằm|có|mỗi|hằng|hàng|từ|đưa|phát|xây|là|tổ)\b)[\wÀ-ỹ]+){0,5}",
        "contracted",
        False,
    ),
    (rf"(?:[Cc]ổng/[Tt]rang|[Cc]ổng|[Tt]rang)\s(?:T|t)hông tin điện tử{_AREA}", "page", True),
    (
        rf"(?:[Cc]ổng|[Tt]rang)\s(?:T|t)hông tin(?!\sđiện)(?:,\stuyên truyền)?"
        rf"(?:\sphổ biến giáo dục pháp luật)?{_AREA}",
        "page",
        True,
    ),
    (rf"(?:T|t)rang (?:web|tin điện tử){_AREA}", "page", True),
    (rf"(?:C|c)huyên trang (?:[Cc]ải cách hành chính|[A-ZĐ]\w*){_AREA}", "page", True),
    (rf"[Ww]ebsite{_AREA}", "page", True),
    (rf"(?:Đ|đ)ài truyền thanh{_AREA}", "loudspeaker", True),
    (
        rf"(?:H|h)ệ thống (?:truyền thanh|loa)(?:\s(?:cơ sở|truyền thanh|thông minh|không dây))*{_AREA}",
        "loudspeaker",
        True,
    ),
    (
        r"(?:L|l)oa,? (?:truyền thanh|phát thanh|kéo|di động|phường|xã|thôn|khu phố|tổ dân phố|đài)|"
        r"[Cc]ụm loa|truyền thanh cơ sở|[Tt]ruyền thanh (?:xã|phường|thị trấn|thôn)",
        "loudspeaker",
        True,
    ),
    (r"\bRSS\b|(?:N|n)guồn cấp tin|(?:B|b)ản tin RSS", "feed", True),
    (rf"(?:Fanpage\s)?[Ff]acebook{_QUOTED}", "facebook", True),
    (rf"[Ff]anpage{_QUOTED}", "facebook", True),
    (rf"(?:Trang\s)?(?:Z|z)alo(?:\sOA|\sOfficial Account)?{_QUOTED}", "zalo", True),
    (r"[Yy]ou[Tt]ube", "video", True),
    (r"[Tt]ik[Tt]ok", "video", True),
    (r"tin nhắn(?:\s(?:SMS|Zalo|điện thoại))?|\bSMS\b", "message", True),
    (r"(?:B|b)ảng tin(?:\s(?:công cộng|điện tử))?|(?:M|m)àn hình LED", "print", True),
    (
        r"(?:T|t)ờ rơi|(?:T|t)ờ gấp|(?:P|p)a-?nô|(?:Á|á)p phích|(?:B|b)ăng[ -]?r?ôn|(?:P|p)oster|(?:S|s)ổ tay",
        "print",
        True,
    ),
)
_OCR_NAMED: tuple[tuple[str, str, str], ...] = (
    (r"c[o0]ng th\w{1,3}ng tin d\S{1,3}n t\S{1,2}(?: huy\S{1,2}n)?", "page", "Cổng thông tin điện tử"),
    (r"trang th\w{1,3}ng tin d\S{1,3}n t\S{1,2}", "page", "Trang thông tin điện tử"),
    (r"d\Si truy\Sn thanh(?: x\S, th\S tr\Sn)?", "loudspeaker", "Đài truyền thanh"),
)
_BRANDS = {"zalo": "Zalo", "facebook": "Facebook", "youtube": "YouTube", "tiktok": "TikTok", "fanpage": "Fanpage"}
_COMPILED = tuple((re.compile(pattern), kind, own) for pattern, kind, own in _NAMED)
_KINDS_IN_WORDS = (
    ("loudspeaker", r"\bloa\b|truyen thanh|phat thanh"),
    ("facebook", r"facebook|fanpage"),
    ("zalo", r"zalo"),
    ("page", r"trang thong tin|cong thong tin|website|trang web|cong giao tiep"),
    ("video", r"youtube|tiktok|video|clip"),
    ("message", r"tin nhan"),
    ("print", r"to roi|to gap|pano|ap phich|bang ?ron|bang tin|khau hieu|sach mong|so tay"),
    ("event", r"hoi nghi|hoi thao|toa dam|doi thoai|tap huan|sinh hoat|cuoc thi|hoi thi|buoi noi chuyen"),
    ("contracted", r"\bbao\s(?!cao)[a-z]+|dai phat thanh va truyen hinh|truyen hinh"),
)


def find_channels(said: Iterable[Sentence], ocr: bool, level: str | None) -> tuple[Channel, ...]:
    """Every channel named in the sentences, each once, in order of its first mention."""
    found: dict[str, Channel] = {}
    for sentence in said:
        hits = [(m, kind, own) for pattern, kind, own in _COMPILED for m in pattern.finditer(sentence.text)]
        for match, kind, own in sorted(_longest(hits), key=lambda hit: hit[0].start()):
            name = re.sub(r"\s(?:và|mới)$", lambda m: "" if m[0] == " và" else m[0], one_line(match[0]))
            above = level == "xa" and kind == "page" and bool(re.search(r"(?i)thành phố|tỉnh", name))
            name = _BRANDS.get(name, name)
            found.setdefault(squeeze(name), Channel(name, kind, own and not above, sentence.source))
        for pattern, kind, name in _OCR_NAMED if ocr else ():
            match_ = re.search(pattern, sentence.folded)
            if match_:
                found.setdefault(squeeze(name), Channel(name, kind, True, sentence.source))
    return _distinct(list(found.values()))


def _distinct(channels: list[Channel]) -> tuple[Channel, ...]:
    """Each channel once: "Cổng … của Thành phố" is "Cổng … Thành phố", and a bare "Facebook" or "Trang thông tin điện
    tử" says nothing beside the page that has a name."""
    keys = [_key(c.name) for c in channels]
    return tuple(
        c
        for at, (c, key) in enumerate(zip(channels, keys, strict=True))
        if key not in keys[:at]
        and not (
            c.kind in ("page", "facebook", "zalo")
            and any(o.kind == c.kind and k != key and k.startswith(key) for o, k in zip(channels, keys, strict=True))
        )
    )


def _key(name: str) -> str:
    return squeeze(
        re.sub(r"\b(?:của|các|fanpage(?=\sfacebook))\b", " ", name.lower()).replace("facebook fanpage", "facebook")
    )


def _longest(hits: list[tuple[re.Match[str], str, bool]]) -> list[tuple[re.Match[str], str, bool]]:
    """Of overlapping hits the longest."""
    kept: list[tuple[re.Match[str], str, bool]] = []
    for hit in sorted(hits, key=lambda h: h[0].start() - h[0].end()):
        if not any(hit[0].start() < k[0].end() and k[0].start() < hit[0].end() for k in kept):
            kept.append(hit)
    return kept


def channel_kind(folded: str) -> str | None:
    """The kind of channel a folded sentence speaks of, None when it names none."""
    return next((kind for kind, pattern in _KINDS_IN_WORDS if re.search(pattern, folded)), None)


def channel_kinds(folded: str) -> tuple[str, ...]:
    return tuple(kind for kind, pattern in _KINDS_IN_WORDS if re.search(pattern, folded))
