from django.apps import AppConfig


class AiringConfig(AppConfig):
    name = "publisher.airing"
    label = "airing"
    verbose_name = "Phát thanh"
