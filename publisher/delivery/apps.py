from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "publisher.delivery"
    label = "delivery"
    verbose_name = "Lượt đăng"
