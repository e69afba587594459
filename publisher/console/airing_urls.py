"""Addresses of the station's pages."""

from __future__ import annotations

from django.urls import path

from publisher.console import airing, airing_addresses, airing_log, airing_week

urlpatterns = [
    path("loa", airing.operate, name="airing"),
    path("loa/<int:pk>", airing.session, name="airing-session"),
    path("loa/<int:pk>/ghi", airing.told, name="airing-tell"),
    path("loa/<int:pk>/duyet", airing.approved, name="airing-approve"),
    path("loa/<int:pk>/doc", airing.spoken, name="airing-speak"),
    path("loa/<int:pk>/tep/<str:name>", airing.file, name="airing-file"),
    path("loa/lich", airing_week.week, name="airing-week"),
    path("loa/lich.<str:form>", airing_week.paper, name="airing-week-paper"),
    path("loa/nhat-ky", airing_log.log, name="airing-log"),
    path("loa/nhat-ky.<str:form>", airing_log.export, name="airing-log-export"),
    path("loa/dia-chi", airing_addresses.addresses, name="airing-addresses"),
    path("loa/dia-chi/<int:pk>/thu-hoi", airing_addresses.revoked, name="airing-address-revoke"),
    path("loa/ip/<str:token>.m3u", airing_addresses.playlist, name="airing-m3u"),
    path("loa/ip/<str:token>/<str:session>/<str:name>", airing_addresses.recording, name="airing-m3u-sound"),
]
