from django.apps import AppConfig


class MadeConfig(AppConfig):
    name = "assets.made"
    label = "made"
    verbose_name = "Ảnh tự làm"
