from django.urls import path

from publisher.public.letters import confirm, leave, subscribe
from publisher.public.views import site_file

urlpatterns = [
    path("trang/<slug:slug>/", site_file, name="site"),
    path("trang/<slug:slug>/<path:path>", site_file, name="site-file"),
    path("thu/huy/<uuid:key>", leave, name="letters-leave"),
    path("thu/xac-nhan/<str:token>", confirm, name="letters-confirm"),
    path("thu/<slug:slug>/dang-ky", subscribe, name="letters-subscribe"),
]
