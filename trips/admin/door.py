"""An admin whose every edit goes through the door, as one mutation and without a transaction around it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from ..changes import apply
from ..models import Trip
from ..models.fields import MoneyField
from ..mutations import Mutation, Step
from ..refusals import Refused
from ..words import count
from .forms import AsWritten
from .saving import Complaints, Saving


class Unsaved(Exception):
    """The door refused. The page is drawn once more, with what was typed and these complaints."""

    def __init__(self, complaints: Complaints) -> None:
        super().__init__()
        self.complaints = complaints


class DoorFields:
    """Fields for a form, or for a row, that remember what they were rendered with."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if isinstance(db_field, MoneyField) or db_field.get_internal_type() == "TimeField":
            kwargs |= {"form_class": AsWritten, "empty_value": None, "widget": forms.TextInput}
        elif isinstance(db_field, models.URLField):
            kwargs |= {"form_class": AsWritten, "widget": forms.TextInput}
        elif not db_field.choices and db_field.get_internal_type() in ("CharField", "TextField"):
            kwargs |= {"form_class": AsWritten}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.show_hidden_initial = True
        return field


class DoorAdmin(DoorFields, admin.ModelAdmin):
    """Of trips, with all that belongs to them as inlines."""

    # Editing

    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, without its transaction: the door's own must be the outermost."""
        try:
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined, no-any-return]
        except Unsaved as unsaved:
            request.complaints = unsaved.complaints  # type: ignore[attr-defined]
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined, no-any-return]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "complaints", {})  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the object and its rows are saved together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        saving = Saving(form, formsets, request.user)  # type: ignore[arg-type]
        try:
            saving.save()
        except Refused as refused:
            if refused.code == "conflict":
                request.POST = saving.rebased(request.POST)  # type: ignore[assignment]
            raise Unsaved(saving.complaints(refused)) from refused

    # Removing and restoring

    @method_decorator(csrf_protect)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined, no-any-return]
        except Refused as refused:
            self.message_user(request, refused.message, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:trips_trip_change", args=[object_id]))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Not before it is done, as Django would: see `_each`."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._each(request, [obj], "remove")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._each(request, list(queryset), "remove")

    def _each(self, request: HttpRequest, trips: Sequence[Trip], op: str) -> int:
        """Do this to each of the trips, in one batch; how many were done. Raises Refused where one was not."""
        batch = [Mutation(trip.public_id, request.user, (Step("trip", {}, op),)) for trip in trips]  # type: ignore[arg-type]
        outcomes = list(zip(trips, apply(batch), strict=True))
        done = [trip for trip, outcome in outcomes if outcome.refused is None]
        if done and op == "remove":
            super().log_deletions(request, done)  # type: ignore[arg-type]
        for trip in done if op == "restore" else ():
            self.log_change(request, trip, "Restored.")
        if refused := [(trip, outcome.refused) for trip, outcome in outcomes if outcome.refused]:
            trip, refusal = refused[0]
            kept = f"{count(len(done), 'trip')} of {len(trips)} done. " if len(trips) > 1 else ""
            raise Refused(refusal.code, f"{kept}“{trip}”: {refusal.message}")
        return len(done)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the trips themselves: they are marked, and what belongs to them stays with them."""
        names = [str(trip) for trip in objs]
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return names, {self.opts.verbose_name_plural: len(names)}, lacking, []

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> Any:
        try:
            return super().response_action(request, queryset, *args)
        except Refused as refused:
            self.message_user(request, refused.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @admin.action(description="Restore selected trips", permissions=["change"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = self._each(request, list(queryset.filter(removed=True)), "restore")
        self.message_user(request, f"{count(done, 'trip')} restored.")


class DoorInline(DoorFields, admin.TabularInline):
    """Rows of one kind. An unsaved row is refused where it stands."""

    extra = 0
    formset: Any

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.refused = getattr(request, "complaints", {})  # type: ignore[attr-defined]
        return formset
