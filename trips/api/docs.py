"""The page that describes the API and lets people try it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own host; its script is a module of ours, so that the page's CSP stays as strict as any."""
    return render(request, "trips/api_docs.html")
