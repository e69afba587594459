from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "publisher.reports"
    label = "reports"
