"""What the site's templates are made of: icons, faces, the browser's module names."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe

from .. import modules, words
from ..exact_json import ExactEncoder

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A picture of the sprite (sprite.html); `size` "s" is the small one. It always stands beside a word."""
    css = f"ico {size}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag
def face(name: str, colour: int, away: bool = False) -> SafeString:
    """A person as a disc with initials: filled with the person's colour when here, grey when away."""
    css = "face away" if away else "face"
    return format_html(
        '<span class="{}" data-who="{}" title="{}" aria-hidden="true">{}</span>',
        css,
        colour,
        words.first_name(name),
        words.initials(name),
    )


@register.simple_tag(takes_context=True)
def people_at(context: Context, trip_id: str) -> list[Mapping[str, Any]]:
    """Who is in the trip's room right now. Nobody, where no app provides `people_here`."""
    people_here = context.get("people_here")
    return people_here(trip_id) if people_here else []


@register.filter
def embedded(value: Any, element_id: str) -> SafeString:
    """A value for the page's program, as JSON in the page: amounts are numbers in it, as they are on a socket."""
    return json_script(value, element_id, encoder=ExactEncoder)


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The inline import map, with the CSP nonce it needs: `#trips/day.js` → the URL of its present version."""
    # "<" cannot stand in a URL here, but inside <script> nothing is left to chance.
    text = json.dumps({"imports": modules.imports()}).replace("<", "\\u003c")
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context["CSP_NONCE"],
        mark_safe(text),  # noqa: S308  (JSON of our own file names)
    )


@register.simple_tag
def here_now(people: list[Mapping[str, Any]], me: str) -> dict[str, Any]:
    """The people besides me, and the sentence about them; nothing when I would be alone."""
    others = [one for one in people if one["user_id"] != me]
    if not others:
        return {}
    names = words.listing([words.first_name(one["name"]) for one in others], most=2)
    return {"people": others[:2], "sentence": f"{names} {'is' if len(others) == 1 else 'are'} here now"}


@register.filter(name="input")
def control(field: BoundField) -> SafeString:
    """The field's control in the site's dress; the first one with an error is where one goes on."""
    attrs: dict[str, str | bool] = {"class": "input"}
    if field.errors:
        attrs["autofocus"] = True
    return field.as_widget(attrs=attrs)
