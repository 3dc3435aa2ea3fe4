"""What is in a trip, over REST: the same five acts for every kind."""

from dataclasses import dataclass
from typing import Any

import pytest
from rest_framework.test import APIClient

from trips.kinds import OBJECT_KINDS
from trips.models import Change

from .conftest import PARIS, SignedIn

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """How one kind is made and changed."""

    collection: str
    key: str
    id: str
    made: dict[str, Any]
    changed: dict[str, Any]
    missing: str

    @property
    def one(self) -> str:
        return f"{PARIS}{self.collection}/{self.id}/"


CASES = (
    Case("members", "user_id", "mallory", {"user_id": "mallory", "role": "viewer"}, {"role": "editor"}, "role"),
    Case("activities", "activity_id", "rodin", {"activity_id": "rodin", "name": "Rodin"}, {"cost": 13.5}, "name"),
    Case("itinerary", "id", "s2", {"id": "s2", "day": 1, "activity": "Walk"}, {"time": "19:30"}, "activity"),
    Case("budget", "category", "tickets", {"category": "tickets", "amount": 90}, {"name": "Museums"}, "amount"),
)
every_kind = pytest.mark.parametrize("case", CASES, ids=[case.collection for case in CASES])


def test_no_kind_is_forgotten_here() -> None:
    assert {case.collection for case in CASES} == {kind.collection for kind in OBJECT_KINDS}


@pytest.fixture
def owner(alice: APIClient, paris: str, signed_in: SignedIn) -> APIClient:
    """Alice, who may change everything; Mallory has an account."""
    signed_in("mallory")
    return alice


@pytest.fixture
def other(owner: APIClient, signed_in: SignedIn) -> APIClient:
    """Olga, who owns the trip too."""
    olga = signed_in("olga")
    owner.post(f"{PARIS}members/", {"user_id": "olga", "role": "owner"})
    return olga


@every_kind
def test_made_read_listed_changed_removed_and_brought_back(owner: APIClient, case: Case) -> None:
    made = owner.post(f"{PARIS}{case.collection}/", case.made)
    assert made.status_code == 201
    assert made.headers["Location"] == f"http://testserver{case.one}"
    assert made.json()[case.key] == case.id
    assert case.made.items() <= made.json().items()

    assert owner.get(case.one).json() == made.json()
    listed = owner.get(f"{PARIS}{case.collection}/").json()
    assert made.json() in listed["results"]
    assert listed["count"] == len(listed["results"])
    assert made.json() in owner.get(PARIS).json()[case.collection]

    changed = owner.patch(case.one, case.changed)
    assert changed.json() == {**made.json(), **case.changed}
    last = Change.objects.latest("pk")
    assert (last.seq, last.object_id) == (int(changed.headers["Trip-Seq"]), case.id)
    assert last.after == {case.key: case.id, **case.changed}

    removed = owner.delete(case.one)
    assert (removed.status_code, removed.content) == (204, b"")
    assert owner.get(case.one).status_code == 404
    assert owner.get(f"{PARIS}{case.collection}/").json()["count"] == listed["count"] - 1

    restored = owner.post(f"{case.one}restore/")
    assert (restored.status_code, restored.json()[case.key]) == (200, case.id)
    assert owner.get(case.one).json() == restored.json()


@every_kind
def test_what_is_sent_twice_is_done_once(owner: APIClient, case: Case) -> None:
    key: Any = {"Idempotency-Key": "once"}
    first = owner.post(f"{PARIS}{case.collection}/", case.made, headers=key)
    again = owner.post(f"{PARIS}{case.collection}/", case.made, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json(), again.headers["Trip-Seq"]) == (first.json(), first.headers["Trip-Seq"])
    assert Change.objects.filter(mutation_id="once").count() == 1
    other = owner.patch(case.one, case.changed, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "mutation_reused")


@every_kind
def test_a_repeat_is_answered_whatever_became_of_the_object(owner: APIClient, case: Case) -> None:
    owner.post(f"{PARIS}{case.collection}/", case.made)
    key: Any = {"Idempotency-Key": "once"}
    first = owner.patch(case.one, case.changed, headers=key)
    owner.delete(case.one)
    again = owner.patch(case.one, case.changed, headers=key)
    assert (again.status_code, again.headers["Trip-Seq"]) == (200, first.headers["Trip-Seq"])
    assert owner.get(case.one).status_code == 404


@every_kind
def test_what_somebody_else_changed_meanwhile_is_a_conflict(owner: APIClient, case: Case, other: APIClient) -> None:
    seen = owner.post(f"{PARIS}{case.collection}/", case.made).headers["Trip-Seq"]
    assert other.patch(case.one, case.changed).status_code == 200
    answer = owner.patch(f"{case.one}?base_seq={seen}", case.changed)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["current"]["data"] == case.changed
    assert answer.json()["current"]["updated_by"] == "olga"
    now = other.get(case.one).headers["Trip-Seq"]
    assert owner.patch(f"{case.one}?base_seq={now}", case.changed).status_code == 200


@every_kind
def test_a_patch_creates_nothing_and_brings_nothing_back(owner: APIClient, case: Case) -> None:
    assert owner.patch(case.one, case.made).status_code == 404
    owner.post(f"{PARIS}{case.collection}/", case.made)
    owner.delete(case.one)
    answer = owner.patch(case.one, case.made)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert owner.delete(case.one).status_code == 404
    assert owner.get(case.one).status_code == 404


@every_kind
def test_what_is_missing_or_unknown_is_refused_by_name(owner: APIClient, case: Case) -> None:
    incomplete = {name: value for name, value in case.made.items() if name != case.missing}
    answer = owner.post(f"{PARIS}{case.collection}/", incomplete)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [case.missing])
    answer = owner.post(f"{PARIS}{case.collection}/", {**case.made, "colr": "red"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["colr"])
    assert not Change.objects.filter(object_id=case.id).exists()


@every_kind
def test_another_id_in_the_body_than_in_the_address_is_refused(owner: APIClient, case: Case) -> None:
    owner.post(f"{PARIS}{case.collection}/", case.made)
    answer = owner.patch(case.one, {case.key: "other", **case.changed})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [case.key])


@every_kind
def test_a_viewer_reads_and_changes_nothing(owner: APIClient, vera: APIClient, case: Case) -> None:
    owner.post(f"{PARIS}{case.collection}/", case.made)
    before = vera.get(PARIS).json()
    assert vera.get(case.one).status_code == 200
    for answer in (
        vera.post(f"{PARIS}{case.collection}/", {**case.made, case.key: "vera-s"}),
        vera.patch(case.one, case.changed),
        vera.delete(case.one),
        vera.post(f"{case.one}restore/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "read_only")
    assert vera.get(PARIS).json() == before


@every_kind
def test_a_stranger_is_told_nothing_at_all(paris: str, mallory: APIClient, case: Case) -> None:
    for there in (PARIS, "/api/v1/trips/no-such-trip/"):
        collection = f"{there}{case.collection}/"
        answers = [
            mallory.get(there),
            mallory.get(collection),
            mallory.post(collection, case.made),
            mallory.get(f"{collection}{case.id}/"),
            mallory.patch(f"{collection}{case.id}/", case.changed),
            mallory.delete(f"{collection}{case.id}/"),
            mallory.post(f"{collection}{case.id}/restore/"),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert {answer.content for answer in answers} == {
            b'{"code":"not_found","message":"There is no such trip, or it is not shared with you."}'
        }


def test_posting_what_is_there_changes_it(owner: APIClient) -> None:
    answer = owner.post(f"{PARIS}activities/", {"activity_id": "louvre", "name": "The Louvre"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["cost"]) == ("The Louvre", 22)


def test_a_line_that_was_removed_comes_back_when_it_is_set(owner: APIClient) -> None:
    owner.delete(f"{PARIS}budget/food/")
    answer = owner.post(f"{PARIS}budget/", {"category": "food", "amount": 10})
    assert (answer.status_code, answer.json()["amount"]) == (201, 10)


def test_stops_are_listed_as_they_lie_with_the_unscheduled_last(owner: APIClient) -> None:
    for name, day, after in (("s2", 2, None), ("s0", 1, None), ("someday", None, None), ("s3", 2, None)):
        owner.post(f"{PARIS}itinerary/", {"id": name, "day": day, "activity": name, "after": after})
    listed = [stop["id"] for stop in owner.get(f"{PARIS}itinerary/").json()["results"]]
    assert listed == ["s0", "s1", "s3", "s2", "someday"]
    moved = owner.patch(f"{PARIS}itinerary/s3/", {"after": "s2"}).json()
    assert "after" not in moved
    paged = owner.get(f"{PARIS}itinerary/", {"page_size": 2, "page": 2}).json()
    assert [stop["id"] for stop in paged["results"]] == ["s2", "s3"]
    assert paged["next"].endswith("page=3&page_size=2")


def test_amounts_are_exact_numbers_in_both_directions(owner: APIClient) -> None:
    body = '{"category": "tickets", "amount": 123456789.1234}'
    answer = owner.generic("POST", f"{PARIS}budget/", body, content_type="application/json")
    assert b'"amount":123456789.1234' in answer.content
    assert b'"amount":123456789.1234' in owner.get(PARIS).content


def test_removing_an_activity_leaves_its_stops_what_they_showed(owner: APIClient) -> None:
    answer = owner.delete(f"{PARIS}activities/louvre/")
    stop = owner.get(f"{PARIS}itinerary/s1/")
    assert (stop.json()["activity_id"], stop.json()["cost"]) == (None, 22)
    assert stop.headers["Trip-Seq"] == answer.headers["Trip-Seq"]


def test_one_may_leave_a_trip_but_the_last_owner(owner: APIClient, vera: APIClient) -> None:
    assert vera.delete(f"{PARIS}members/vera/").status_code == 204
    assert vera.get(PARIS).status_code == 404
    stays = owner.delete(f"{PARIS}members/alice/")
    assert (stays.status_code, list(stays.json()["fields"])) == (400, ["role"])


def test_nobody_is_added_who_has_no_account(owner: APIClient) -> None:
    answer = owner.post(f"{PARIS}members/", {"user_id": "nobody", "role": "viewer"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["user_id"])
