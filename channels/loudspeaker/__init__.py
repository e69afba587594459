from channels.loudspeaker.channel import Loudspeaker

__all__ = ["Loudspeaker"]
