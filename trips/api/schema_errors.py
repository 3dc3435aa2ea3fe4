"""How refusals are described in the schema."""

from typing import Any

from .errors import STATUSES

ERROR: dict[str, Any] = {
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
            "description": "With `conflict`: what is stored now, and who stored it, where the journal still knows.",
            "required": ["data"],
            "properties": {
                "seq": {"type": "integer"},
                "updated_by": {"type": "string", "nullable": True},
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {"type": "object", "additionalProperties": True},
            },
        },
        "retry_after": {"type": "number", "description": "Seconds; rounded up, the header Retry-After."},
    },
}
RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
REFUSALS: dict[int, tuple[str, dict[str, Any]]] = {
    400: (
        "`bad_json`, or `invalid`: `fields` says what is wrong with which.",
        {
            "code": "invalid",
            "message": "start_date: start_date 2026-06-09 is after end_date 2026-06-01.",
            "fields": {"start_date": ["start_date 2026-06-09 is after end_date 2026-06-01."]},
        },
    ),
    401: (
        "`unauthenticated`: no sign-in, or one that has ended.",
        {"code": "unauthenticated", "message": "The token is expired, ended, or not ours."},
    ),
    403: (
        "`read_only`: your role does not allow this. `forbidden`: the cookie came without its CSRF token.",
        {"code": "read_only", "message": "Viewers cannot change the plan."},
    ),
    404: (
        "`not_found`: it does not exist, or is not shared with you; nobody is told which.",
        {"code": "not_found", "message": "There is no such trip, or it is not shared with you."},
    ),
    409: (
        "`conflict`: somebody else changed this since `base_seq`. `mutation_reused`: the key stood for another.",
        {
            "code": "conflict",
            "message": "Camille changed this meanwhile.",
            "current": {
                "seq": 67,
                "updated_by": "user456",
                "timestamp": "2026-01-03T12:15:00Z",
                "data": {"title": "New Title"},
            },
        },
    ),
    415: (
        "`unsupported_media_type`: send application/json.",
        {"code": "unsupported_media_type", "message": "Send application/json."},
    ),
    429: (
        "`rate_limited`: wait `retry_after` seconds.",
        {"code": "rate_limited", "message": "Too fast. Wait 0.1 s.", "retry_after": 0.1},
    ),
    503: (
        "`unavailable`: nothing was stored; send it again with the same `Idempotency-Key`.",
        {
            "code": "unavailable",
            "message": "Storage is away for a moment. Nothing was stored.",
            "retry_after": 2.0,
        },
    ),
}


def refusal(status: int) -> dict[str, Any]:
    """One response that refuses."""
    description, example = REFUSALS[status]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}}
    return {"description": description, "content": content}
