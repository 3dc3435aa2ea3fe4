"""What each request of the API says beside its path: who asks, for what, and under which id."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from .. import access, changes, ids
from ..models import Trip, User
from ..mutations import Mutation, Outcome, Step
from ..refusals import invalid, no_such_trip

IDEMPOTENCY_KEY = "Idempotency-Key"
SEQ = "Trip-Seq"  # of an answer: the trip's counter, as of what the answer tells


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request: Request) -> int | None:
        """Raises Refused, where the framework would take another size than the one asked for."""
        given = request.query_params.get(self.page_size_query_param)
        if given is not None and not (re.fullmatch("[0-9]{1,3}", given) and 1 <= int(given) <= self.max_page_size):
            raise invalid({self.page_size_query_param: [f"This must be between 1 and {self.max_page_size}."]})
        return super().get_page_size(request)


def caller(request: Request) -> User:
    """Who asks; only where a permission has seen to it that somebody does."""
    return cast(User, request.user)


def fields_in(request: Request) -> Mapping[str, Any]:
    """The body. Raises Refused, unless it is an object."""
    if not isinstance(request.data, dict):
        raise invalid({"data": ["This must be an object."]})
    return request.data


def mutation_id_of(request: Request) -> str | None:
    """The caller's own id of this change. Raises Refused: invalid."""
    given = request.headers.get(IDEMPOTENCY_KEY)
    if given is not None and not re.fullmatch(ids.PATTERN, given):
        raise invalid({IDEMPOTENCY_KEY: [f"A key is {ids.RULE}."]})
    return given


def base_seq_of(request: Request) -> int | None:
    """“Only if nobody else has changed these fields since”. Raises Refused: invalid."""
    given = request.query_params.get("base_seq")
    if given is not None and not re.fullmatch("[0-9]{1,18}", given):
        raise invalid({"base_seq": ["This must be a whole number, 0 or more."]})
    return None if given is None else int(given)


def store(request: Request, trip_id: str, step: Step, *, creates: bool = False) -> Outcome:
    """Have one step done. Raises Refused."""
    mutation = Mutation(trip_id, caller(request), (step,), mutation_id_of(request), creates)
    outcome = changes.apply([mutation])[0]
    outcome.unwrap()
    return outcome


@contextmanager
def opened(trip_id: str, user: User) -> Iterator[tuple[Trip, str]]:
    """A trip and one's role in it, in one consistent view. Raises Refused: not_found."""
    with transaction.atomic(using="reader"):
        trip = Trip.living.using("reader").filter(public_id=trip_id).first()
        role = access.role_in(trip, user) if trip else None
        if trip is None or role is None:
            raise no_such_trip()
        yield trip, role


def seq_header(seq: int) -> dict[str, str]:
    return {SEQ: str(seq)}


def address(request: Request, route: str, *names: str) -> dict[str, str]:
    """The header that tells where something new is."""
    return {"Location": request.build_absolute_uri(reverse(route, args=names) + "/")}
