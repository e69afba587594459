"""Channels a plan names: newspapers, broadcasters, portals, social networks, loudspeakers, print, events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from campaigns.reading.deadlines import find_deadline
from campaigns.reading.folding import fold, one_line, squeeze, words
from campaigns.reading.schema import Channel, Item, Method, Role
from campaigns.reading.sentences import Sentence
from campaigns.reading.worn_channels import worn_channels

_PROPER = r"(?:\s(?:[A-ZĐÂĂÊÔƠƯÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ][\w&]*|và|mới))*"
_OWNER = (
    r"(?:Sở|Bộ|Ban|Trung tâm|Bệnh viện|Trường|Đảng ủy|Công an|Hội|Đoàn|Nhà trường|Cục|Chi cục)"
    r"(?:\s[A-ZĐÂÔƠƯÁÀẢÃẠẤẦẬÉÈẾỀỆÍÌỊÓÒỌỐỒỘÚÙỤ][\wÀ-ỹ]*|\stế|\svụ|\snghệ|\sdục|\spháp|\schính){0,6}"
)
_GROUPS = (
    r"(?:các\s)?(?:chi hội|chi bộ|chi đoàn|tổ dân phố|thôn, bản|thôn|bản|khu phố|ấp|lớp|phụ huynh|cư dân|"
    r"tổ công nghệ số)(?:,\s(?:thôn|bản|tổ dân phố|chi hội))*"
)
_BODIES = r"(?:[Cc]ác\s)?(?:cơ\squan,\sđơn\svị|sở,\sban,\sngành|đơn\svị|cơ\squan)"
_AREA = (
    rf"(?:\s(?:của\s)?(?:(?:Thành phố\s|Tỉnh\s)?{_BODIES}|{_OWNER}|"
    r"(?:(?:các\s|cấp\s)?(?:thành phố|tỉnh|huyện|quận|thị xã|phường|xã|thị trấn|đặc khu)"
    r"(?:,\s(?:phường|xã|thị trấn|quận|huyện|thị xã|đặc khu))*)"
    r"(?:\s[A-ZĐ][\wÀ-ỹ]+)*|Thành phố|Tỉnh|Huyện|Phường|Xã))?"
)
_QUOTED = r"(?:\s*[“\"][^”\"]{2,60}[”\"])?"
_OWNED_BY = (
    r"(?:\scủa\s(?:Hội đồng|Ban|Sở|Văn phòng|Trung tâm|Đoàn|Hội|Bộ)"
    r"(?:\s(?!(?:để|nhằm|đăng|và|theo|thường|có)\b)[\wÀ-ỹ]+){1,12})?"
)
_PAGE = rf"(?:[Cc]ổng/[Tt]rang|[Cc]ổng|[Tt]rang)\s[Tt]hông tin điện tử{_AREA}"
_PRESS_OWNER = r"(?:\s[–-]\s(?:Sở|Bộ|Hội|Ban|Cơ quan|Thành ủy|Tỉnh ủy|Đảng ủy)(?:\s[\wÀ-ỹ]+){1,4})?"
# What names a channel, its kind, and whether another body has to be asked.
_NAMED: tuple[tuple[str, str, bool], ...] = (
    (
        rf"Đài (?:Phát thanh|phát thanh|PT)\s?(?:và|&|-|–)\s?(?:Truyền hình|TH|truyền hình){_PROPER}",
        "contracted",
        False,
    ),
    (rf"Đài PT&?-?TH{_PROPER}", "contracted", False),
    (rf"Báo và [Pp]hát thanh(?:, | - | – | và )[Tt]ruyền hình{_PROPER}", "contracted", False),
    (rf"Đài Truyền hình{_PROPER}", "contracted", False),
    (
        r"(?:Báo|Tạp chí|báo) (?!Cáo)[A-ZĐ][\wÀ-ỹ]+(?:\s(?!(?:để|trên|thực hiện|đăng|tuyên|các|do|theo|và các|với|"
        r"nhằm|có|mỗi|hằng|hàng|từ|đưa|phát|xây|là|tổ)\b)[\wÀ-ỹ]+){0,5}" + _PRESS_OWNER,
        "contracted",
        False,
    ),
    (rf"{_PAGE}(?:,? hoặc {_PAGE})?", "page", True),
    (
        rf"(?:[Cc]ổng|[Tt]rang)\s(?:T|t)hông tin(?!\sđiện)(?:,\stuyên truyền)?"
        rf"(?:\sphổ biến giáo dục pháp luật|\sPBGDPL)?(?:{_OWNED_BY}|{_AREA})",
        "page",
        True,
    ),
    (rf"(?:T|t)rang (?:web|tin điện tử){_AREA}", "page", True),
    (
        rf"(?:C|c)huyên trang (?:[Cc]ải cách hành chính|[A-ZĐ]\w*|“[^”]{{2,60}}”){_AREA}(?:\strên\s{_PAGE})?",
        "page",
        True,
    ),
    (rf"[Ww]ebsite{_AREA}", "page", True),
    (rf"(?:Đ|đ)ài truyền thanh(?:\scơ sở|{_AREA})", "loudspeaker", True),
    (
        rf"(?:H|h)ệ thống (?:truyền thanh|loa)(?:\s(?:cơ sở|truyền thanh|thông minh|không dây))*{_AREA}",
        "loudspeaker",
        True,
    ),
    (
        rf"(?:L|l)oa,? (?:truyền thanh|phát thanh|kéo|di động|phường|xã|thôn|khu phố|tổ dân phố|đài)"
        rf"(?:\snội bộ|\scủa\s(?:{_GROUPS}|xã|phường))?|"
        r"[Cc]ụm loa|truyền thanh cơ sở|[Tt]ruyền thanh (?:xã|phường|thị trấn|thôn)",
        "loudspeaker",
        True,
    ),
    (r"\bRSS\b|(?:N|n)guồn cấp tin|(?:B|b)ản tin RSS", "feed", True),
    (rf"(?:Fanpage\s|[Tt]rang\s|[Nn]hóm\s)?[Ff]acebook{_QUOTED}", "facebook", True),
    (rf"[Ff]anpage{_QUOTED}", "facebook", True),
    (rf"[Nn]hóm [Zz]alo(?:\s(?:của\s)?{_GROUPS})?", "zalo", True),
    (r"[Zz]alo nhóm\s(?!và\b|của\b)[\wÀ-ỹ]+(?:\s(?!và\b|để\b)[\wÀ-ỹ]+)?", "zalo", True),
    (
        rf"(?:Trang\s)?(?:Z|z)alo(?:\sOA|\sOfficial Account|\schính thức)?(?:{_QUOTED}|)"
        rf"(?:(?<=OA)\s(?:của\s)?(?:phường|xã|thị trấn)(?:\s[A-ZĐ][\wÀ-ỹ]+)*)?",
        "zalo",
        True,
    ),
    (rf"(?:[Kk]ênh\s)?[Yy]ou[Tt]ube{_QUOTED}", "video", True),
    (rf"(?:[Kk]ênh\s)?[Tt]ik[Tt]ok{_QUOTED}", "video", True),
    (r"[Tt]in nhắn(?:\s(?:SMS|Zalo|điện thoại|viễn thông))?|\bSMS\b", "message", True),
    (
        r"(?:B|b)ảng tin(?:\s(?:công cộng|điện tử))*|(?:M|m)àn hình (?:LED|điện tử|ti vi|tại khu vực chờ)|"
        r"[Bb]ản tin\s*“[^”]{2,60}”|[Bb]iển (?:cấm lửa|cảnh báo|báo|hiệu|chỉ dẫn)",
        "print",
        True,
    ),
    (
        r"(?:T|t)ờ rơi|(?:T|t)ờ gấp|(?:P|p)a[ -]?nô(?:\sđiện tử)?|(?:Á|á)p phích|"
        r"(?:B|b)ăng[ -]?r?ôn|(?:P|p)oster|(?:S|s)ổ tay",
        "print",
        True,
    ),
)
# What names a channel only where the plan lists its forms; elsewhere the same words tell of work or of bodies.
_AMONG_FORMS: tuple[tuple[str, str, bool], ...] = (
    (
        r"(?:[Cc]ác\s)?[Cc]ơ quan (?:thông tấn, )?báo chí(?:\s(?:[Tt]rung ương|và địa phương|địa phương|thường trú|"
        r"trên địa bàn|tại (?:tỉnh|thành phố)|(?:của )?(?:tỉnh|thành phố)))+",
        "contracted",
        False,
    ),
    (
        r"[Cc]hương trình phát thanh(?:(?:,| và)?\stiếng [A-ZĐÊ][\wÀ-ỹ]*)*",
        "contracted",
        False,
    ),
    (rf"[Tt]rang thành phần{_AREA}", "page", True),
    (r"[Hh]ệ thống thông tin nguồn(?:\s(?:[Tt]rung ương|cấp tỉnh|của tỉnh))?", "other", False),
    (r"[Mm]áy (?:Icom|ICOM|bộ đàm)", "other", True),
    (
        r"[Đđ]ối thoại(?:\strực (?:tiếp|tuyến))?(?:\svới (?:người dân|Nhân dân|doanh nghiệp|thanh niên|nông dân))?|"
        r"[Tt]uyên truyền (?:miệng|lưu động)|[Hh]ọp (?:bản|thôn|ấp|khu phố|tổ dân phố)|[Nn]gày hội(?:\s*“[^”]{2,60}”)?|"
        r"[Ss]inh hoạt (?:dưới cờ|chi bộ|chi hội|chi đoàn|câu lạc bộ|tổ dân phố)|[Gg]iờ chào cờ(?:\sđầu tuần)?|"
        r"[Hh]ội nghị(?:\s(?:ngư dân|báo cáo viên|trực tuyến))?|[Tt]ập huấn(?:\strên tàu)?|[Hh]ội thi|[Cc]uộc thi|"
        r"[Tt]ọa đàm|[Hh]ội thảo",
        "event",
        True,
    ),
)
_BRANDS = {"zalo": "Zalo", "facebook": "Facebook", "youtube": "YouTube", "tiktok": "TikTok", "fanpage": "Fanpage"}
_COMPILED = tuple((re.compile(pattern), kind, own) for pattern, kind, own in _NAMED)
_OF_FORMS = (*_COMPILED, *((re.compile(pattern), kind, own) for pattern, kind, own in _AMONG_FORMS))
_KINDS_IN_WORDS = (
    ("loudspeaker", r"\bloa\b|truyen thanh|(?<!bao va )(?<!dai )phat thanh(?!\W{1,3}(?:va )?truyen hinh| va truyen)"),
    ("facebook", r"facebook|fanpage"),
    ("zalo", r"zalo"),
    ("page", r"trang thong tin|cong thong tin|website|trang web|cong giao tiep"),
    ("video", r"youtube|tiktok|video|clip"),
    ("message", r"tin nhan"),
    ("print", r"to roi|to gap|pano|ap phich|bang ?ron|bang tin|khau hieu|sach mong|so tay"),
    (
        "event",
        r"hoi nghi|hoi thao|toa dam|doi thoai|tap huan|sinh hoat|gap (?:go )?truc tiep|"
        r"tuyen truyen mieng|chao co|cuoc thi|hoi thi|buoi noi chuyen",
    ),
    (
        "contracted",
        r"\bbao\s(?!cao\b|dam\b|ve\b|gom\b|ton\b|hiem\b)[a-z]+|truyen hinh|dai phat thanh|"
        r"thong tin dai chung|thong tan",
    ),
)
_OWNED = re.compile(r"“|\b(?:của|tại|các|phường|xã|tỉnh|thành phố|đặc khu|thôn|bản|tổ dân phố|cơ sở)\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:de nghi|dat hang|hop dong|phoi hop (?:voi )?(?:cac )?(?:co quan )?(?:bao|dai|thong tan))\b")
_WORN_CONFIDENCE = 0.5


def find_channels(said: Iterable[Sentence], ocr: bool, level: str | None) -> tuple[Channel, ...]:
    """Every channel named in the sentences, each once, in order of its first mention."""
    found: dict[str, Channel] = {}
    for sentence in said:
        for match, kind, own in _hits(sentence.text, sentence.role):
            name = re.sub(r"\s(?:và|mới)$", lambda m: "" if m[0] == " và" else m[0], one_line(match[0]))
            above = level == "xa" and kind == "page" and bool(re.search(r"(?i)thành phố|tỉnh", name))
            name = _BRANDS.get(name, name)
            found.setdefault(squeeze(name), Channel(name, kind, own and not above, sentence.source))
        for name, kind in worn_channels(sentence.text) if ocr else ():
            source = replace(sentence.source, confidence=_WORN_CONFIDENCE)
            found.setdefault(squeeze(name), Channel(name, kind, True, source))
    return _distinct(list(found.values()))


def _hits(text: str, role: Role) -> list[tuple[re.Match[str], str, bool]]:
    """Every channel a text names, in order: place, kind, whether it is our own."""
    patterns = _OF_FORMS if role == "methods" else _COMPILED
    hits = [(m, kind, own) for pattern, kind, own in patterns for m in pattern.finditer(text)]
    return sorted(_longest(hits), key=lambda hit: hit[0].start())


@dataclass(frozen=True, slots=True)
class Named:
    """The channels a sentence names as (end, kind, name), and those in what leads to it."""

    said: tuple[tuple[int, str, str], ...]
    led: tuple[tuple[int, str, str], ...]

    def before(self, at: int, kind: str) -> str | None:
        """The channel of that kind named last before a place: "Zalo OA phường: đăng 04 tin/tháng"; else the only one in
        the lead."""
        if kind == "event":  # what is held is counted itself
            return None
        said = next((name for end, of_kind, name in reversed(self.said) if of_kind == kind and end <= at), None)
        led = [name for _, of_kind, name in self.led if of_kind == kind]
        return said or (led[0] if len(led) == 1 else None)


def named_channels(sentence: Sentence) -> Named:
    said, led = (
        tuple((m.end(), kind, one_line(m[0])) for m, kind, _ in _hits(text, sentence.role))
        for text in (sentence.text, sentence.lead)
    )
    return Named(said, led)


def _distinct(channels: list[Channel]) -> tuple[Channel, ...]:
    """Each channel once, however it is named: the portal or page of one owner, an abbreviation and its words; a bare
    "Facebook" or "Trang thông tin điện tử" says nothing beside the page that has a name."""
    keys = [_key(c.name) for c in channels]
    return tuple(
        c
        for at, (c, key) in enumerate(zip(channels, keys, strict=True))
        if not any(_same_name(key, earlier) for earlier in keys[:at])
        and not (
            c.kind in ("page", "facebook", "zalo", "loudspeaker", "event")
            and any(
                o.kind == c.kind and k != key and (squeeze(k).startswith(squeeze(key)) or _bare(c, o))
                for o, k in zip(channels, keys, strict=True)
            )
        )
    )


def _bare(channel: Channel, other: Channel) -> bool:
    """Whether another name says all that this one says, and more: "loa truyền thanh", "hệ thống loa truyền thanh
    phường"; not where both name an owner or a place."""
    return set(words(channel.name)) < set(words(other.name)) and not _OWNED.search(channel.name)


def _key(name: str) -> str:
    """A name without what only joins or varies: "Cổng … hoặc Trang … của các cơ quan, đơn vị" is their "trang"."""
    key = re.sub(r"\bhoặc (?:cổng|trang) thông tin điện tử", " ", name.lower())
    key = re.sub(r"\b(?:cổng/trang|cổng)(?= thông tin điện tử)", "trang", key)
    key = re.sub(r"\b(?:(?:thành phố|tỉnh) )?(?:các )?(?:cơ quan, )?đơn vị\b", "đơn vị", key)
    key = key.replace("facebook fanpage", "facebook")
    return one_line(re.sub(r"\b(?:của|các|fanpage(?=\sfacebook))\b", " ", key))


def _same_name(a: str, b: str) -> bool:
    """Whether two keys are the same words, or one has letters where the other has the words they begin."""
    if squeeze(a) == squeeze(b):
        return True
    short, long = sorted((words(a), words(b)), key=len)
    return abbreviates(short, long)


def abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether `short` is `long` with one run of words written as its initials ("cchc" for "cai cach hanh chinh")."""
    spare = len(long) - len(short)
    if spare < 2:
        return False
    return any(
        short[:at] == long[:at]
        and short[at + 1 :] == long[at + spare + 1 :]
        and letters == "".join(w[0] for w in long[at : at + spare + 1])
        for at, letters in enumerate(short)
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


def find_methods(forms: Iterable[Item]) -> tuple[Method, ...]:
    """The forms and ways of the plan with the kinds of channel their words name, below them included."""
    return tuple(_method(form) for form in forms)


def _method(form: Item) -> Method:
    folded = fold(" ".join(_texts(form)))
    kinds = channel_kinds(folded)
    asked = bool(_ASKS.search(folded)) or "contracted" in kinds
    ours = [kind for kind in kinds if kind != "contracted"]
    own = None if not kinds or (asked and ours) else not asked
    return Method(form.label, form.title, kinds, own, form.source, find_deadline("\n".join(_texts(form))))


def _texts(item: Item) -> Iterable[str]:
    yield item.text
    for child in item.children:
        yield from _texts(child)
