from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "publisher.timetable"
    label = "timetable"
    verbose_name = "Lịch"
