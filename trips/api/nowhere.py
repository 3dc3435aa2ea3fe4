"""Addresses below /api/ that mean nothing."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ..refusals import Refused

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@extend_schema(exclude=True)
@api_view(METHODS)
@authentication_classes([])
@permission_classes([AllowAny])
def nowhere(request: Request, /, **_: Any) -> Response:
    """404, in the shape of every other error here."""
    raise Refused("not_found", "There is no such address. /api/docs/ tells which there are.")
