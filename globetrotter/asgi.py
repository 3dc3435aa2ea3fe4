"""The site as an ASGI application: HTTP to Django, sockets to the rooms."""

import gc
import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "globetrotter.settings")
http = get_asgi_application()

from realtime.routing import websocket  # noqa: E402  (the apps must be loaded first)

application = ProtocolTypeRouter({"http": http, "websocket": websocket})

# What was loaded so far stays. Looking through it for garbage would hold everything up for a tenth of a second.
gc.collect()
gc.freeze()
# What came since is looked through when it has grown by so many objects. By Python's 700, changes that are under way
# would be taken for what stays, and all that stays looked through each second: 0.2 s each time, with 2,000 sockets.
gc.set_threshold(10_000, 4, 4)
