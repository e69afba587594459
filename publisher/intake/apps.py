from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "publisher.intake"
    label = "intake"
