"""allauth's forms in the site's words. Apart from forms.py, which allauth's own forms import."""

from typing import Any, ClassVar

from allauth.account import forms as allauth
from django import forms

from . import ids

NEW_PASSWORD = "At least 8 characters, and not one that many people use."


class InOurWords(forms.Form):
    """`words` maps a field to its label and its hint. Placeholders go: a label says it, and stays."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, (label, hint) in self.words.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, hint


class SignInForm(InOurWords, allauth.LoginForm):
    words: ClassVar = {
        "login": ("Username or e-mail", ""),
        "password": ("Password", ""),
        "remember": ("Stay signed in on this device", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class SignUpForm(InOurWords, allauth.SignupForm):
    field_order = ("name", "email", "username", "password1")
    words: ClassVar = {
        "email": ("E-mail", "For a new password, when you forget yours. Nobody else sees it."),
        "username": ("Username", f"{ids.RULE}. It cannot be changed later."),
        "password1": ("Password", NEW_PASSWORD),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ForgottenPasswordForm(InOurWords, allauth.ResetPasswordForm):
    words: ClassVar = {"email": ("E-mail", "The address of your account.")}


class NewPasswordForm(InOurWords, allauth.ResetPasswordKeyForm):
    words: ClassVar = {"password1": ("New password", NEW_PASSWORD), "password2": ("The same again", "")}


class ChangePasswordForm(InOurWords, allauth.ChangePasswordForm):
    words: ClassVar = {
        "oldpassword": ("Present password", ""),
        "password1": ("New password", NEW_PASSWORD),
        "password2": ("The same again", ""),
    }


class SetPasswordForm(InOurWords, allauth.SetPasswordForm):
    words: ClassVar = {"password1": ("New password", NEW_PASSWORD), "password2": ("The same again", "")}


class EmailForm(InOurWords, allauth.AddEmailForm):
    words: ClassVar = {"email": ("New e-mail", "We send a link there. The address changes when you open it.")}


class ConfirmPasswordForm(InOurWords, allauth.ReauthenticateForm):
    words: ClassVar = {"password": ("Password", "")}
