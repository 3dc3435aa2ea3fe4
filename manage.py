#!/usr/bin/env python
"""Django's command line, for this site."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "globetrotter.settings")
    os.environ.setdefault("DATABASE_PATIENCE", "0")  # a migration takes as long as it takes
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
