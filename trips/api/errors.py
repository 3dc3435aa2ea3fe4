"""Refusals as HTTP answers, with the codes of the sockets: code, message, fields?, current?, retry_after?"""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from ..changes import RETRY_AFTER
from ..faults import log_safely
from ..refusals import Refused, invalid

STATUSES: Mapping[str, HTTPStatus] = {
    "bad_json": HTTPStatus.BAD_REQUEST,
    "invalid": HTTPStatus.BAD_REQUEST,
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "read_only": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "not_acceptable": HTTPStatus.NOT_ACCEPTABLE,
    "conflict": HTTPStatus.CONFLICT,
    "mutation_reused": HTTPStatus.CONFLICT,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}

# What the framework's own exceptions are called here.
CODES: Mapping[type[Exception], str] = {
    exceptions.NotAuthenticated: "unauthenticated",
    exceptions.AuthenticationFailed: "unauthenticated",
    exceptions.PermissionDenied: "forbidden",
}
MEANINGS: Mapping[type[Exception], tuple[str, str]] = {
    Http404: ("not_found", "There is nothing here."),
    PermissionDenied: ("forbidden", "This is not yours to do."),
    SuspiciousOperation: ("invalid", "This request is not as it should be."),
    OperationalError: ("unavailable", "Storage is away for a moment."),
    InterfaceError: ("unavailable", "Storage is away for a moment."),
}


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """REST framework's exception handler: every error of the API, its own and the framework's, in one shape."""
    refused = refusal(error)
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if refused.retry_after is not None:
        headers["Retry-After"] = str(ceil(refused.retry_after))
    if refused.code == "internal" and not isinstance(error, Refused):
        log_safely(error, "A request could not be answered")
    return Response(body(refused), status=STATUSES[refused.code], headers=headers)


def body(refused: Refused) -> dict[str, Any]:
    """A refusal as it is told."""
    details = {"fields": refused.fields, "current": refused.current, "retry_after": refused.retry_after}
    given = {name: value for name, value in details.items() if value is not None}
    return {"code": refused.code, "message": refused.message, **given}


def refusal(error: Exception) -> Refused:
    """What an exception of a view means to its caller."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, exceptions.Throttled):
        wait = getattr(error, "wait", None) or RETRY_AFTER
        return Refused("rate_limited", f"Too fast. Wait {wait:.1f} s.", retry_after=round(wait, 3))
    if isinstance(error, exceptions.ValidationError):
        return invalid(_sentences(error.detail))
    if isinstance(error, exceptions.APIException):
        code = CODES.get(type(error), error.default_code)
        return Refused(code if code in STATUSES else "internal", str(error.detail))
    for known, (code, message) in MEANINGS.items():
        if isinstance(error, known):
            return Refused(code, message, retry_after=RETRY_AFTER if code == "unavailable" else None)
    return Refused("internal", "This went wrong here. The site's log says more.")


def _sentences(detail: Any) -> dict[str, list[str]]:
    named = detail if isinstance(detail, Mapping) else {"data": detail}
    return {str(name): [str(each) for each in told] for name, told in named.items()}
