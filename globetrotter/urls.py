"""Where everything of the site is found."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("realtime.urls")),
    path("api/", include("trips.api_urls")),
    path("", include("trips.urls")),
]
