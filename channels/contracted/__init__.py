from channels.contracted.channel import Contracted

__all__ = ["Contracted"]
