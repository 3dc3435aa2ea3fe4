"""The admin, for someone who must find out what happened to a trip."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from . import journal, trip, user  # noqa: F401  (they register themselves)
from .panels import extra_panels

admin.site.site_header = "GlobeTrotter"
admin.site.site_title = "GlobeTrotter"
admin.site.index_title = "Find out what happened"
admin.site.enable_nav_sidebar = False  # a trip's rows need the width
# Nobody signs in past the accounts' own page and its limits on guessing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

__all__ = ["extra_panels"]
