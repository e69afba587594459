from django.apps import AppConfig

from channels.loudspeaker.voice import name_commands
from channels.reach import allow
from publisher.config import config


class PublisherConfig(AppConfig):
    name = "publisher"
    verbose_name = "Tin Cơ Sở"

    def ready(self) -> None:
        allow(config.outbound)
        name_commands(config.voices)
