from django.urls import path

from publisher.public.views import site_file

urlpatterns = [
    path("trang/<slug:slug>/", site_file, name="site"),
    path("trang/<slug:slug>/<path:path>", site_file, name="site-file"),
]
