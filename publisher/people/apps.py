from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "publisher.people"
    label = "people"
    verbose_name = "Con người"
