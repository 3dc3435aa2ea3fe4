"""Bodies of the REST API: JSON with exact numbers, within the limits of the sockets."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from .. import exact_json


class ExactJSONRenderer(BaseRenderer):
    """Amounts leave as exact numbers, times as RFC 3339."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else exact_json.encode(data)


class ExactJSONParser(BaseParser):
    """Never reads more of a body than is taken. Raises Refused: bad_json, invalid."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return exact_json.read(stream.read(settings.MESSAGE_MAX_BYTES + 1))
