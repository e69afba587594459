from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "publisher.events"
    label = "events"
    verbose_name = "Nhật ký"
