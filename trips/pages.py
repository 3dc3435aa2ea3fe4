"""The pages that the server renders. Thin: read, apply, render."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import access, cards, changes, snapshot, words
from . import theme as themes
from .forms import NameForm, NewTripForm
from .models import Trip, User
from .refusals import Refused

# The demo's owner, and what there is to look at (management/commands/demo.py).
DEMO_USER, DEMO_TRIP = "user123", "trip123"


def person(request: HttpRequest) -> User:
    """Who is signed in; only where a decorator has seen to it that somebody is."""
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    visitor = not request.user.is_authenticated
    demo = settings.DEBUG and visitor and User.objects.filter(username=DEMO_USER).exists()
    return render(request, "trips/front.html", {"demo": demo})


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in to the demo without a password: only with DEBUG."""
    if not settings.DEBUG:
        raise Http404
    user = get_object_or_404(User, username=DEMO_USER)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("trip", DEMO_TRIP)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_trips(request: HttpRequest) -> HttpResponse:
    """The trips one takes part in; POST makes a new one and opens it."""
    form = NewTripForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            try:
                trip_id = changes.create_trip(person(request), {"title": form.cleaned_data["title"]})
            except Refused as refusal:
                form.add_error("title", list((refusal.fields or {}).get("title", [refusal.message])))
            else:
                return redirect("trip", trip_id)
        return render(request, "trips/new.html", {"form": form}, status=422)
    mine = cards.of(person(request), timezone.localdate())
    return render(
        request,
        "trips/my_trips.html",
        {
            "now": [card for card in mine if not card.is_past],
            "past": [card for card in mine if card.is_past],
            "form": form,
        },
    )


@login_required
@never_cache
@require_GET
def trip(request: HttpRequest, trip_id: str, current: str = "plan") -> HttpResponse:
    """The frame of the trip page, with the whole trip in it; the program in the browser does the rest."""
    user = person(request)
    with transaction.atomic(using="reader"):  # one view: what is read fits the `seq` that it says
        found = get_object_or_404(Trip.living.using("reader"), public_id=trip_id)
        role = access.role_in(found, user)
        if not access.may_see(role):
            raise Http404
        whole = snapshot.kept.of(found)
    views = [
        {"name": "plan", "label": "Plan", "icon": "plan", "url": reverse("trip", args=[trip_id])},
        {"name": "budget", "label": "Budget", "icon": "purse", "url": reverse("trip_budget", args=[trip_id])},
    ]
    page: dict[str, Any] = {
        "user": {"user_id": user.username, "name": user.get_full_name()},
        "role": role,
        "view": current,
        "snapshot": whole,
        "urls": {view["name"]: view["url"] for view in views}
        | {"trips": reverse("my_trips"), "account": reverse("account"), "sign_in": reverse("account_login")},
    }
    dates = words.dates(found.start_date, found.end_date)
    return render(
        request,
        "trips/trip.html",
        {"trip": found, "page": page, "views": views, "current": current, "dates": dates},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's name; ways to the e-mail address and the password."""
    user = person(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(request, "trips/account.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The next theme, and back to where one was. What theme.js does without a reload."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "front")
    themes.keep(response, themes.after(themes.of(request)))
    return response
