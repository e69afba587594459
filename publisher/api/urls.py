from django.urls import path

from publisher.api.views import health

urlpatterns = [path("healthz", health, name="health")]
