from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "publisher.budget"
    label = "budget"
    verbose_name = "Kinh phí"
