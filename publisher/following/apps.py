from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "publisher.following"
    label = "following"
    verbose_name = "Nhận tin"
