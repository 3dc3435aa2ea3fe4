"""Who takes part in the demo."""

from dataclasses import dataclass

PASSWORD = "globetrotter"
OPERATOR = "operator"


@dataclass(frozen=True)
class DemoPerson:
    username: str
    name: str

    @property
    def email(self) -> str:
        """An address that cannot exist (RFC 2606), by which the demo knows its own accounts."""
        return f"{self.username}@demo.example"


PEOPLE = (
    DemoPerson("user123", "Noor Haddad"),
    DemoPerson("user456", "Camille Roux"),
    DemoPerson("user789", "Mei Tanaka"),
    DemoPerson("testuser", "Sam Okafor"),
    DemoPerson(OPERATOR, "Operator"),
)
