"""Addresses: the console, the public site, health."""

from django.urls import include, path

urlpatterns = [
    path("", include("publisher.api.urls")),
    path("", include("publisher.public.urls")),
    path("", include("publisher.console.urls")),
]
