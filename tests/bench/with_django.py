"""Runs a module of the benchmarks that needs the apps to be loaded: `python -m tests.bench.with_django seed '{…}'`."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    _, name, given = sys.argv
    import_module(f"tests.bench.{name}").main(given)
