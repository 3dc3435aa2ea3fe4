"""How the API describes itself (drf-spectacular): operations by kind, and the parameters that all of them share."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from .. import ids
from ..kinds import Kind
from . import schema_fields  # noqa: F401  (registers how our fields are described)
from .requests import IDEMPOTENCY_KEY

SUMMARIES = {
    "list": "List {collection}",
    "create": "Add {one}",
    "retrieve": "Read {one}",
    "partial_update": "Change {one}",
    "destroy": "Remove {one}",
    "restore": "Bring {one} back",
}
NAMES = {
    "trip": ("your trips", "a trip"),
    "member": ("the members of a trip", "a member"),
    "activity": ("the activities of a trip", "an activity"),
    "itinerary": ("the stops of a trip", "a stop"),
    "budget": ("the budget of a trip", "a budget line"),
}
DESCRIPTIONS = {
    "create": "A living object under the id that is given is changed, as on the sockets: that answers 200.",
    "partial_update": "Only the fields given; nothing is created.",
    "destroy": "It is kept, and can be brought back.",
    "restore": "As it was when it was removed; a stop finds its place again.",
}
KEY = OpenApiParameter(
    IDEMPOTENCY_KEY,
    {"type": "string", "pattern": f"^{ids.PATTERN}$"},
    OpenApiParameter.HEADER,
    description="Your own id of this change, the `mutation_id` of the sockets: sent again, it is not done twice.",
)
BASE = OpenApiParameter(
    "base_seq",
    OpenApiTypes.INT64,
    OpenApiParameter.QUERY,
    description="Only if nobody else has changed these fields since this `Trip-Seq`; else 409 `conflict`.",
)


class Schema(AutoSchema):
    """One operation; those of a view with a `kind` are named after it."""

    @property
    def action(self) -> str:
        return getattr(self.view, "action", None) or ""

    @property
    def kind(self) -> Kind | None:
        return getattr(self.view, "kind", None)

    def get_summary(self) -> str | None:
        if self.kind is None:
            return None
        collection, one = NAMES.get(self.kind.name, (self.kind.collection, f"a {self.kind.name}"))
        return SUMMARIES[self.action].format(collection=collection, one=one)

    def get_description(self) -> str:  # type: ignore[override]
        if self.kind is None or not self.kind.collection:
            return str(super().get_description())
        return DESCRIPTIONS.get(self.action, "")

    def get_tags(self) -> list[str]:
        return [(self.kind.collection or "trips") if self.kind else "live"]

    def get_operation_id(self) -> str:
        return f"{self.kind.name}_{self.action}" if self.kind else str(super().get_operation_id())

    def get_override_parameters(self) -> list[Any]:
        if self.method == "GET":
            return []
        return [KEY] if self.action == "create" and self.kind and not self.kind.collection else [KEY, BASE]

    def get_request_serializer(self) -> Any:
        return None if self.action in ("destroy", "restore") else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        given = super().get_response_serializers()
        match self.action:
            case "create":
                return {200: given, 201: given}
            case "destroy":
                return {204: None}
        return given


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "trips.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "From `POST /_allauth/app/v1/auth/login`, or `python manage.py token <username>`.",
        }
