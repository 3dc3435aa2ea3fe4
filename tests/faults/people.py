"""Makes people and trips in the database of its settings: `python -m tests.faults.people 20 paris kyoto`."""

import json
import sys
from datetime import timedelta

import django


def make(count: int, trip_ids: list[str]) -> dict[str, str]:
    """Everyone is a member of each trip. A token for each of them, that outlives the run."""
    from trips import tokens
    from trips.changes import create_trip
    from trips.models import User
    from trips.mutations import Step

    names = [f"person{number:02}" for number in range(1, count + 1)]
    people = [User.objects.get_or_create(username=name, email=f"{name}@example.org")[0] for name in names]
    members = [Step("member", {"user_id": name, "role": "editor"}) for name in names[1:]]
    for trip_id in trip_ids:
        create_trip(people[0], {"title": trip_id}, *members, trip_id=trip_id)
    return {person.username: tokens.issue(person, timedelta(days=1)) for person in people}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make(int(sys.argv[1]), sys.argv[2:])))
