"""What people write on the site's own pages."""

import re
import unicodedata

from django import forms
from django.http import HttpRequest

from .models import User

# Characters that nobody writes into a name: controls, what turns the direction of the text around, lone surrogates.
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class NameField(forms.CharField):
    """How others see a person: “Noor Haddad”."""

    def __init__(self) -> None:
        super().__init__(
            label="Your name",
            max_length=100,
            help_text="This is what the people you travel with see.",
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": "Write the name that others will see."},
        )

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        if FORBIDDEN.search(text):
            raise forms.ValidationError("A name has letters, spaces and signs only.")
        return " ".join(text.split())


class NameForm(forms.Form):
    """Changes one's name."""

    name = NameField()


class SignUpName(forms.Form):
    """What signing up asks beyond allauth's own fields (ACCOUNT_SIGNUP_FORM_CLASS)."""

    name = NameField()

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth with the new account."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class NewTripForm(forms.Form):
    """A title is enough."""

    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "Five days in Paris", "autocomplete": "off"}),
        error_messages={
            "required": "Write a title. It can be changed at any time.",
            "max_length": "A title has at most 200 characters.",
        },
    )
