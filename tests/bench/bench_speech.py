"""How far the estimated length of a bulletin is from the recording that is made of it, over 20 bulletins.

    .venv/bin/python -m tests.bench.bench_speech

Bulletins of one to five posts put together from the sample posts by a fixed seed, spoken by espeak-ng in the voices of
three regions at three rates. Exits 1 when one is further off than `MOST`. "Spoken" leaves the jingles out, which are
exact anyway. The last lines give the syllables a minute for each step of a voice's speed, as `voices.toml` holds them.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from channels.contract import Account, Content, Publisher
from channels.loudspeaker import Bulletin, Item, Loudspeaker, timing
from channels.loudspeaker.audio import seconds_of
from channels.loudspeaker.practice import Practice
from channels.loudspeaker.sound import session_pcm
from channels.loudspeaker.voice import Espeak, voice_of

POSTS = Path(__file__).parents[2] / "publisher/samples/posts.yaml"
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")
SLOT = datetime(2026, 11, 23, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
BULLETINS, MOST = 20, 0.10


def main() -> int:
    chance = random.Random(1)  # noqa: S311 (a fixed seed, no secret)
    posts = YAML(typ="safe").load(POSTS.read_text("utf-8"))["posts"]
    worst, steps = 0.0, defaultdict(list)
    print(f"{'region':8}{'rate':>5}{'posts':>6}{'syllables':>10}{'estimate':>9}{'recorded':>9}{'off':>8}{'spoken':>8}")
    for number in range(BULLETINS):
        region, rate = ("north", "centre", "south")[number % 3], (150, 170, 200)[number // 3 % 3]
        account = station(region, rate)
        bulletin = made(chance.sample(posts, chance.randint(1, len(posts))), account, chance)
        voice = voice_of(account)
        assert isinstance(voice, Espeak)
        pcm, marks = session_pcm(bulletin, voice)
        recorded, tunes = seconds_of(pcm), 2 * bulletin.practice.jingle
        words = sum(timing.syllables(mark.text) for mark in marks)
        spoken = sum(mark.end - mark.start for mark in marks)
        steps[region].append(words * 60 / spoken / voice.speed)
        off, bare = bulletin.seconds / recorded - 1, (bulletin.seconds - tunes) / (recorded - tunes) - 1
        worst = max(worst, abs(off), abs(bare))
        print(
            f"{region:8}{rate:5}{len(bulletin.items):6}{words:10}"
            f"{bulletin.seconds:9}{recorded:9.1f}{off:8.1%}{bare:8.1%}"
        )
    print(f"worst {worst:.1%}, allowed {MOST:.0%}")
    for region, found in steps.items():
        print(f"{region}: {sum(found) / len(found):.3f} syllables a minute a step ({min(found):.3f}-{max(found):.3f})")
    return int(worst > MOST)


def station(region: str, rate: int) -> Account:
    given = {"root": "/nonexistent", "station": "Đài truyền thanh phường Sông Vàng", "minutes": "60"}
    return Account("a", "loudspeaker", "Loa phường", {**given, "region": region, "rate": str(rate)})


def made(posts: list[dict[str, str]], account: Account, chance: random.Random) -> Bulletin:
    """Each post with some of its paragraphs."""
    items = []
    for place, post in enumerate(posts):
        paragraphs = post["body"].split("\n\n")
        body = "\n\n".join(chance.sample(paragraphs, chance.randint(1, len(paragraphs))))
        content = Content(f"p{place}", post["title"], post.get("lead", ""), body, post.get("footer", ""), WARD)
        body_of = Loudspeaker().shape(content, account).body
        items.append(
            Item(f"d{place}", SLOT.isoformat(), body_of["title"], tuple(body_of["sentences"]), body_of["seconds"])
        )
    return Bulletin.of(Practice.of(account), SLOT, items)


if __name__ == "__main__":
    sys.exit(main())
