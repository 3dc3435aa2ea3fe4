"""A database backend: the ENGINE of settings.py. Django looks for `base.py` in it."""
