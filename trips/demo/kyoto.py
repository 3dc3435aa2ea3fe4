"""Kyoto, some autumn: nothing but ideas yet, and no dates."""

from .shape import DemoTrip, activity, member, trip

KYOTO = DemoTrip(
    id="trip789",
    trip=trip(
        "Kyoto in the leaves", "Kyoto, Japan", None, None, "JPY", "The leaves turn in the second half of November."
    ),
    members=[member("testuser", "owner"), member("user123", "viewer")],
    activities=[
        activity(
            "tofuku-ji",
            "Tōfuku-ji",
            "The maples below Tsūten-kyō bridge",
            (34.97640, 135.77378),
            "sight",
            cost=1000,
            duration=90,
        ),
        activity(
            "eikan-do",
            "Eikan-dō",
            "Evening light-up in November",
            (35.01437, 135.79459),
            "sight",
            cost=600,
            duration=75,
        ),
        activity(
            "fushimi-inari", "Fushimi Inari-taisha", "Before breakfast", (34.96714, 135.77267), "outdoors", duration=150
        ),
        activity(
            "kiyomizu-dera",
            "Kiyomizu-dera",
            "1-294 Kiyomizu, Higashiyama",
            (34.99485, 135.78505),
            "sight",
            cost=500,
            duration=90,
            link="https://www.kiyomizudera.or.jp/en/",
        ),
        activity(
            "kinkaku-ji", "Kinkaku-ji", "The golden pavilion", (35.03937, 135.72924), "sight", cost=500, duration=60
        ),
        activity("nishiki", "Nishiki Market", "Nakagyo ward", (35.00501, 135.76485), "food", cost=2000, duration=75),
    ],
)
