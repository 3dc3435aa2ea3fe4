"""The app of servers that look around seldom: what they know, they heard."""

import os

from django.apps import AppConfig


class SeldomLooks(AppConfig):
    name, label = "tests.realtime", "seldom_looks"

    def ready(self) -> None:
        from realtime.look import look_around

        look_around.__kwdefaults__ = {"each": float(os.environ["LOOK_EACH"])}
