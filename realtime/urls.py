from django.urls import path

from . import views

urlpatterns = [path("api/v1/ws/stats", views.stats, name="ws-stats")]
