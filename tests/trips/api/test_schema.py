"""The API describes itself, truly."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from trips.api.errors import STATUSES
from trips.api.schema_examples import EXAMPLES
from trips.kinds import OBJECT_KINDS

from .conftest import PARIS

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def schema(client: Client) -> Any:
    return json.loads(client.get("/api/schema/").content)


def test_the_schema_is_valid_and_made_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_it_is_served_as_json(schema: Any) -> None:
    validate_schema(schema)
    assert schema["info"]["title"] == "GlobeTrotter"
    assert schema["externalDocs"]["url"] == "/api/docs/PROTOCOL.md"


def test_every_kind_and_every_act_has_an_operation(schema: Any) -> None:
    told = {operation["operationId"] for path in schema["paths"].values() for operation in path.values()}
    acts = ("list", "create", "retrieve", "partial_update", "destroy", "restore")
    assert {f"{kind.name}_{act}" for kind in OBJECT_KINDS for act in acts} <= told


def test_every_operation_tells_how_it_refuses(schema: Any) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            assert {"401", "429", "503"} <= set(operation["responses"])
    assert set(schema["components"]["schemas"]["Error"]["properties"]["code"]["enum"]) == set(STATUSES)


@pytest.mark.parametrize(
    ("shape", "path"),
    [("NewTripRequest", "/api/v1/trips/")]
    + [
        (f"{kind.serializer.__name__.removesuffix('Serializer')}Request", f"{PARIS}{kind.collection}/")
        for kind in OBJECT_KINDS
    ],
)
def test_the_examples_can_be_sent_as_they_are(
    alice: APIClient, paris: str, django_user_model: Any, shape: str, path: str
) -> None:
    django_user_model.objects.create_user("user456")
    answer = alice.post(path, EXAMPLES[shape])
    assert answer.status_code == 201, answer.json()


def test_the_codes_of_the_api_are_in_its_text(schema: Any) -> None:
    text = schema["info"]["description"]
    assert [code for code in STATUSES if f"`{code}`" not in text] == []


def test_every_example_of_the_protocol_is_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (DOCS / "PROTOCOL.md").read_text(), re.DOTALL)
    decoder = json.JSONDecoder()
    told = set()
    for block in blocks:
        while block := block.strip():
            message, end = decoder.raw_decode(block)
            told.add(message["type"])
            block = block[end:]
    assert {"connection", "joined", "user_joined", "trip_shared", "ack", "error", "batch", "skipped"} <= told
    assert {f"{kind.name}_update" for kind in OBJECT_KINDS} <= told


def test_the_page_keeps_the_strict_policy(client: Client) -> None:
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    html = answer.content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html) == []
    loaded = re.findall(r'<(?:script|link)\b[^>]*(?:src|href)="([^"]*)"', html)
    assert loaded
    assert [url for url in loaded if not url.startswith("/static/")] == []


def test_the_protocol_is_a_click_away(client: Client) -> None:
    assert client.get("/api/docs").headers["Location"] == "/api/docs/"
    answer = client.get("/api/docs/PROTOCOL.md")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == (DOCS / "PROTOCOL.md").read_text()
