"""The last touch on the schema: what every operation has in common, and examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from ..kinds import OBJECT_KINDS
from .errors import STATUSES
from .requests import SEQ

ERROR = {
    "type": "object",
    "description": "Why something was not done.",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "enum": sorted(STATUSES), "description": "What a program goes by."},
        "message": {"type": "string", "description": "What a person reads."},
        "fields": {
            "type": "object",
            "description": "With `invalid`: sentences about each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current": {
            "type": "object",
            "description": "With `conflict`: what is stored now, and who stored it.",
            "required": ["seq", "updated_by", "timestamp", "data"],
            "properties": {
                "seq": {"type": "integer"},
                "updated_by": {"type": "string", "nullable": True},
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {"type": "object", "additionalProperties": True},
            },
        },
        "retry_after": {"type": "number", "description": "Seconds; rounded up, the header Retry-After."},
    },
    "example": {
        "code": "invalid",
        "message": "start_date: start_date 2026-06-09 is after end_date 2026-06-01.",
        "fields": {"start_date": ["start_date 2026-06-09 is after end_date 2026-06-01."]},
    },
}
REFUSALS = {
    400: "`bad_json`, or `invalid`: `fields` says what is wrong with which.",
    401: "`unauthenticated`: no sign-in, or one that has ended.",
    403: "`read_only`: your role does not allow this. `forbidden`: a form's protection is missing (CSRF).",
    404: "`not_found`: it does not exist, or is not shared with you; nobody is told which.",
    409: "`conflict`: somebody else changed this since `base_seq`. `mutation_reused`: the key stood for another.",
    415: "`unsupported_media_type`: send application/json.",
    429: "`rate_limited`: wait `retry_after` seconds.",
    503: "`unavailable`: nothing was stored; send it again with the same `Idempotency-Key`.",
}
ALWAYS, WRITING = {401, 429, 503}, {400, 403, 409}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "Trip": {
        "title": "Five days in Paris",
        "destination": "Paris",
        "start_date": "2026-06-01",
        "end_date": "2026-06-05",
    },
    "Member": {"user_id": "user456", "role": "editor"},
    "Activity": {"activity_id": "act456", "name": "Museum Visit", "place": "Louvre", "category": "art", "cost": 22},
    "Itinerary": {"day": 1, "activity": "Visit Eiffel Tower", "time": "10:00 AM", "after": None},
    "BudgetLine": {"category": "accommodation", "amount": 150.5},
}
SEQ_HEADER = {
    "description": "The trip's counter: as of what is told, or of your own change. It serves as `base_seq`.",
    "schema": {"type": "integer"},
}


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: errors, headers, examples, and the text that explains it all."""
    result["info"]["description"] = (settings.BASE_DIR / "docs" / "API.md").read_text()
    result["externalDocs"] = {"url": "/api/docs/PROTOCOL.md", "description": "The protocol of the sockets"}
    result["tags"] = [{"name": "trips"}, *({"name": kind.collection} for kind in OBJECT_KINDS), {"name": "live"}]
    schemas = result["components"]["schemas"]
    schemas["Error"] = ERROR
    for name, example in EXAMPLES.items():
        for whole in (f"{name}Request", f"New{name}Request"):
            if whole in schemas:
                schemas[whole]["example"] = example
    for path, method, operation in operations(result):
        responses = operation["responses"]
        for response in responses.values() if "trips" in path else ():
            response["headers"] = {**response.get("headers", {}), SEQ: SEQ_HEADER}
        if method == "get" and path.endswith("/trips/"):
            responses["200"].pop("headers")
        for code in sorted(refusals_of(path, method, operation)):
            responses[str(code)] = refusal(code)
    return result


def operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def refusals_of(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    """The statuses with which an operation may refuse."""
    found = set(ALWAYS)
    if "trips" in path and ("{" in path or method == "get"):
        found |= {404}
    if method != "get":
        found |= WRITING
    if "requestBody" in operation:
        found |= {415}
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
        found |= {400}
    return found


def refusal(code: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": REFUSALS[code],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    if code in (429, 503):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return answer
