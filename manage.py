#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError
from psycopg.errors import InsufficientPrivilege

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        reason = str(error).splitlines()[0]
        sys.exit(f"The database does not answer ({reason}), so the command stopped. Check DATABASE_URL, and try again.")
    except ProgrammingError as error:
        if "--traceback" in sys.argv or not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        sys.exit(
            f"The role in DATABASE_URL may not do this ({error.__cause__.diag.message_primary}), so the command "
            "stopped. docs/operations.md says as whom each is run."
        )
