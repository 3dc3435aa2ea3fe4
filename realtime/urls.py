from django.urls import path

from . import health, views

urlpatterns = [
    path("api/v1/ws/stats", views.stats, name="ws-stats"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
