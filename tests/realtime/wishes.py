"""What people may ask for in a trip, as they send it: few objects and few values, so that wishes meet each other."""

from typing import Any

from hypothesis import strategies as st

from trips.mutations import Step

Wish = dict[str, Any]

PEOPLE = ("alice", "bob", "vera", "mallory")
DAYS = st.sampled_from([1, 1, 2, None])
STOPS = st.sampled_from(["s1", "s2", "s3"])
IDEAS = st.sampled_from(["a1", "a2"])
LINES = st.sampled_from(["food", "stay"])
WORDS = st.sampled_from(["", "x", "y", "Café"])
NAMES = st.sampled_from(["Louvre", "Orsay", "Walk"])
AMOUNTS = st.sampled_from([0, 12, "0.1", "99.5", None])


def fields(**of: st.SearchStrategy[Any]) -> st.SearchStrategy[Wish]:
    """Any of these fields, perhaps none."""
    return st.fixed_dictionaries({}, optional=of)


def wish(kind: str, data: st.SearchStrategy[Wish], **more: Any) -> st.SearchStrategy[Wish]:
    return data.map(lambda data: {"type": f"{kind}_update", "data": data, **more})


def named(key: str, ids: st.SearchStrategy[str], data: st.SearchStrategy[Wish]) -> st.SearchStrategy[Wish]:
    return st.tuples(ids, data).map(lambda pair: {key: pair[0], **pair[1]})


def comes_and_goes(kind: str, key: str, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Wish]:
    """An object is removed, or restored."""
    about = ids.map(lambda name: {key: name})
    return wish(kind, about, op="remove") | wish(kind, about, op="restore")


PLACES = fields(day=DAYS, after=st.none() | STOPS | st.just("nowhere"))
TRIP = wish(
    "trip",
    fields(
        title=NAMES,
        notes=WORDS,
        currency=st.sampled_from(["EUR", "JPY"]),
        start_date=st.sampled_from([None, "2027-04-12"]),
        end_date=st.sampled_from([None, "2027-04-14"]),
    ),
)
STOP = wish(
    "itinerary",
    st.builds(
        lambda name, place, more: {"id": name, **place, **more},
        STOPS,
        PLACES,
        fields(activity=NAMES, activity_id=st.none() | IDEAS, time=st.sampled_from([None, "10:00 AM"]), cost=AMOUNTS),
    ),
)
NEW_STOP = wish("itinerary", st.builds(lambda name, place: {"activity": name, **place}, NAMES, PLACES))
TIED_STOP = wish("itinerary", named("id", STOPS, st.builds(lambda idea: {"activity_id": idea}, IDEAS)))
IDEA = wish("activity", named("activity_id", IDEAS, fields(name=NAMES, place=WORDS, cost=AMOUNTS, notes=WORDS)))
NEW_IDEA = wish(
    "activity", named("activity_id", IDEAS, fields(place=WORDS, cost=AMOUNTS).map(lambda d: {"name": "Zoo", **d}))
)
LINE = wish("budget", named("category", LINES, st.builds(lambda n: {"amount": n}, st.sampled_from([0, 450, "0.125"]))))
BAD = st.sampled_from(
    [
        {"type": "itinerary_update", "data": {"id": "s1", "activity": "x", "cost": -1}},
        {"type": "trip_update", "data": {"colour": "red"}},
        {"type": "activity_update", "data": {}},
        {"type": "budget_update", "op": "restore", "data": {"category": "never"}},
        {"type": "trip_update", "op": "undo", "data": {}},
    ]
)
PLAN = st.one_of(
    STOP,
    NEW_STOP,
    TIED_STOP,
    comes_and_goes("itinerary", "id", STOPS),
    IDEA,
    NEW_IDEA,
    comes_and_goes("activity", "activity_id", IDEAS),
    LINE,
    comes_and_goes("budget", "category", LINES),
    TRIP,
    BAD,
)

OTHERS = st.sampled_from(PEOPLE[1:])
ROLES = st.sampled_from(["owner", "editor", "editor", "viewer"])
MEMBER = st.one_of(
    wish("member", named("user_id", OTHERS, st.builds(lambda role: {"role": role}, ROLES))),
    comes_and_goes("member", "user_id", OTHERS),
)
END = st.sampled_from(["remove", "restore"]).map(lambda op: {"type": "trip_update", "op": op})
# Most are about the plan. (Of equal branches, `one_of` keeps only one.)
ANY: st.SearchStrategy[Wish] = st.sampled_from([PLAN] * 8 + [MEMBER] * 3 + [END]).flatmap(lambda some: some)

# An object of each kind, and something to set in it.
ABOUT: dict[str, tuple[Wish, Wish]] = {
    "trip": ({}, {"notes": "Umbrella"}),
    "member": ({"user_id": "bob"}, {"role": "viewer"}),
    "activity": ({"activity_id": "a1"}, {"cost": "21.50"}),
    "itinerary": ({"id": "s1"}, {"day": 2}),
    "budget": ({"category": "food"}, {"amount": 99}),
}


def away_and_back(kind: str) -> list[Wish]:
    """One object, removed and brought back."""
    return [{"type": f"{kind}_update", "op": op, "data": ABOUT[kind][0]} for op in ("remove", "restore")]


def everything(kind: str) -> list[Wish]:
    """Each op, once."""
    itself, news = ABOUT[kind]
    return [{"type": f"{kind}_update", "data": {**itself, **news}}, *away_and_back(kind)]


# What a trip begins with, so that most wishes are about something.
BEGINNING = (
    Step("member", {"user_id": "bob", "role": "editor"}),
    Step("member", {"user_id": "vera", "role": "viewer"}),
    Step("activity", {"activity_id": "a1", "name": "Louvre", "cost": "22.00", "place": "1er"}),
    Step("itinerary", {"id": "s1", "day": 1, "activity": "Breakfast", "time": "09:00"}),
    Step("itinerary", {"id": "s2", "day": 1, "activity_id": "a1"}),
    Step("budget", {"category": "food", "amount": 450}),
)
