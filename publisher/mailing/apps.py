from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "publisher.mailing"
    label = "mailing"
    verbose_name = "Bản tin qua thư"
