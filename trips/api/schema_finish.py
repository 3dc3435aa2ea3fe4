"""The last touch on the schema: what every operation has in common, and examples."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from ..kinds import OBJECT_KINDS
from .requests import SEQ
from .schema_errors import ERROR, RETRY, refusal
from .schema_examples import EXAMPLES

ALWAYS, WRITING = {401, 429, 503}, {400, 403, 409}
SEQ_HEADER = {
    "description": "The trip's counter: as of what is told, or of your own change. It serves as `base_seq`.",
    "schema": {"type": "integer"},
}
LOCATION = {"description": "Where it is.", "schema": {"type": "string", "format": "uri"}}
TOLD = {"200": "As it is now.", "201": "It was made.", "204": "It was removed."}


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: errors, headers, examples, and the text that explains it all."""
    result["info"]["description"] = (settings.BASE_DIR / "docs" / "API.md").read_text()
    result["externalDocs"] = {"url": "/api/docs/PROTOCOL.md", "description": "The protocol of the sockets"}
    result["tags"] = [{"name": "trips"}, *({"name": kind.collection} for kind in OBJECT_KINDS), {"name": "live"}]
    schemas = result["components"]["schemas"]
    schemas["Error"] = ERROR
    for name, example in EXAMPLES.items():
        schemas[name]["example"] = example
    for path, method, operation in operations(result):
        responses = operation["responses"]
        for code, response in responses.items():
            response["description"] = response["description"] or TOLD[code]
            response["headers"] = headers_of(path, method, code)
        for status in sorted(refusals_of(path, method, operation)):
            responses[str(status)] = {**refusal(status), "headers": RETRY if status in (429, 503) else {}}
    return result


def operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def headers_of(path: str, method: str, code: str) -> dict[str, Any]:
    """The headers of an answer that is no refusal."""
    if method == "get" and "{" not in path:
        return {}
    return {SEQ: SEQ_HEADER, **({"Location": LOCATION} if code == "201" else {})}


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
