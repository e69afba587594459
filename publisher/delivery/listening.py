"""A post read aloud, for those who would rather listen: made by a person's act, then published with the page.

The recording is a function of the post's spoken sentences and the office's voice. It is kept under a name made of
these, so it is found again as long as neither changes, and no longer when one does: nobody ever hears old words.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.db import transaction

from assets.models import Asset
from assets.store import Store
from campaigns.models import Post, PostState
from channels import contract
from channels.loudspeaker import practice, sound, voice
from channels.loudspeaker.practice import given
from channels.loudspeaker.programs import NoSound
from channels.loudspeaker.sentences import Sentence, of_content
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret
from publisher.events.log import record
from publisher.people.models import Organisation, Person

MEDIA_TYPE = "audio/mpeg"
KIND = "sound"  # of the asset: no picture of the library
WRITTEN = (PostState.DRAFT, PostState.RETURNED)  # what is with the approver stays as they saw it
_ASKED = ("voice", "voice_url", "region", "rate", "dictionary")


class CannotSpeak(Exception):
    """Why there is no recording, in the officer's words; nothing was changed."""


def sound_of(post: Post, words: contract.Content) -> contract.Sound | None:
    """The recording of exactly these words by the office's voice of today, None when there is none."""
    kept = Asset.objects.filter(organisation=post.organisation, media_type=MEDIA_TYPE)
    if not kept.exists():  # most offices: nothing is read while they type
        return None
    account = speaker_of(post.organisation)
    asset = kept.filter(name__startswith=f"{name_of(spoken(words, account), account)}-").first()
    return contract.Sound(asset.sha256, asset.media_type, asset.size, seconds_in(asset.name)) if asset else None


def make_sound(post: Post, words: contract.Content, store: Store, *, by: Person) -> contract.Sound:
    """Reads the post aloud and keeps the recording in `store`. Raises `CannotSpeak`."""
    if post.state not in WRITTEN:
        raise CannotSpeak(
            "Bài đã trình duyệt nên bản nghe không đổi được nữa: bấm Sửa bài, tạo bản nghe rồi trình lại."
        )
    if (known := sound_of(post, words)) is not None:
        return known
    account = speaker_of(post.organisation)
    said = spoken(words, account)
    if unread := [token for one in said for token in one.unread]:
        raise CannotSpeak(f"Còn chữ chưa có cách đọc ({', '.join(unread)}): viết rõ bằng chữ rồi tạo lại bản nghe.")
    try:
        made = sound.read_aloud([one.spoken for one in said], voice.voice_of(account))
    except NoSound as error:
        raise CannotSpeak(str(error)) from error
    return keep(post, made.mp3, f"{name_of(said, account)}-{round(made.seconds)}.mp3", store, by)


@transaction.atomic
def keep(post: Post, mp3: bytes, name: str, store: Store, by: Person) -> contract.Sound:
    sha256 = store.put(mp3)
    columns = {"kind": KIND, "media_type": MEDIA_TYPE, "width": 0, "height": 0, "size": len(mp3), "added_by": by}
    asset, _ = Asset.objects.update_or_create(
        organisation=post.organisation,
        sha256=sha256,
        defaults={**columns, "alt": f"Bản nghe: {post.title}"[:300], "name": name},
    )
    record(
        "post.sound",
        f"post:{post.pk}",
        organisation=post.organisation,
        actor=by,
        data={"sha256": sha256, "seconds": seconds_in(name)},
    )
    return contract.Sound(asset.sha256, asset.media_type, asset.size, seconds_in(name))


def speaker_of(organisation: Organisation) -> contract.Account:
    """Whose voice reads: that of the office's own station, else the installation's usual one."""
    station = Account.objects.filter(organisation=organisation, kind="loudspeaker", retired_at=None).order_by("pk")
    usual = contract.Account("", "loudspeaker", organisation.short_name)
    for account in station.select_related("organisation", "through"):
        try:
            seen = as_channel_sees(account)
        except UnreadableSecret:
            continue
        return seen if not practice.problems(seen) and not voice.problems(seen) else usual
    return usual


def spoken(words: contract.Content, account: contract.Account) -> list[Sentence]:
    """Title, lead and body; the footer with its telephone is said twice on loudspeakers, a listener has it in sight."""
    reader = practice.voice_of(given(account, "region"), given(account, "dictionary"))
    publisher = words.publisher
    named = replace(reader, lexicon=reader.lexicon.with_names((publisher.name, publisher.address)))
    return of_content(replace(words, footer=""), named)


def name_of(said: list[Sentence], account: contract.Account) -> str:
    made_from = ([one.spoken for one in said], [given(account, name) for name in _ASKED])
    return f"nghe-{hashlib.sha256(repr(made_from).encode()).hexdigest()[:24]}"


def seconds_in(name: str) -> int:
    return int(name.removesuffix(".mp3").rpartition("-")[2])
