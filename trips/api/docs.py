"""The page that describes the API and lets people try it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own host; its script is a module of ours, so that the page's CSP stays as strict as any."""
    return render(request, "trips/api_docs.html")


@require_safe
def protocol(request: HttpRequest) -> HttpResponse:
    """docs/PROTOCOL.md, as it is."""
    text = (settings.BASE_DIR / "docs" / "PROTOCOL.md").read_text()
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
