"""Django's backend for PostgreSQL, but a transaction may be one pipeline (`base.py`, where Django looks for it)."""
