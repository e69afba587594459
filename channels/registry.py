"""Every channel the publisher can speak, one line each: deleting a channel is deleting its folder and its line here."""

from __future__ import annotations

from channels.contract import Channel
from channels.contracted import Contracted
from channels.email import Email
from channels.facebook import Facebook
from channels.feed import Feed
from channels.loudspeaker import Loudspeaker
from channels.page import Page
from channels.portal import Portal
from channels.webhook import Webhook
from channels.zalo import Zalo
from channels.zalo_broadcast import ZaloBroadcast

CHANNELS: dict[str, Channel] = {
    channel.kind: channel
    for channel in (
        *(Page(), Feed(), Facebook(), Zalo(), ZaloBroadcast(), Webhook(), Email()),
        *(Portal(), Loudspeaker(), Contracted()),
    )
}
