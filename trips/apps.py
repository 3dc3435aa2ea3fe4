from django.apps import AppConfig


class TripsConfig(AppConfig):
    name = "trips"

    def ready(self) -> None:
        from .tokens import take_from_any_clock

        take_from_any_clock()
