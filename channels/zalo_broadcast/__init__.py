"""A broadcast of an OA article to the OA's followers: https://developers.zalo.me/docs/official-account/"""

from channels.zalo_broadcast.channel import ZaloBroadcast

__all__ = ["ZaloBroadcast"]
