"""What the services' roles may do with the tables of this room and of the packages that it uses."""

from pathlib import Path
from typing import Final

from django.db.backends.utils import CursorWrapper

from indexes.rights import ALL, READ, Functions, Role, Tables, after_migrate, give_functions, give_tables, run

SQL: Final = Path(__file__).with_name("sql")
# What is over is deleted each night (retention.py), and a lock asks for the right to change a column.
_TOKENS: Final = "SELECT, DELETE, UPDATE (expires)"

TABLES: Final[Tables] = {
    # an employee's own row is written when they sign in; no session believes another (models.StaffUser)
    "portal_staffuser": {
        Role.WEB: "SELECT, INSERT, UPDATE",
        Role.CONSOLE: READ,
        Role.SYNC: "SELECT, DELETE, UPDATE (date_joined)",
    },
    "django_session": {Role.WEB: ALL, Role.SYNC: "SELECT, DELETE, UPDATE (expire_date)"},  # sealed (login/sessions.py)
    "oauth2_provider_application": {Role.WEB: READ, Role.SYNC: READ},
    "portal_consumer": {Role.WEB: READ},  # written by whoever runs the service (`manage.py consumers`)
    "portal_consumersecret": {Role.WEB: READ},
    "oauth2_provider_accesstoken": {Role.WEB: ALL, Role.SYNC: _TOKENS},
    "oauth2_provider_grant": {Role.SYNC: _TOKENS},
    "portal_usefulness": {Role.WEB: "SELECT, INSERT, UPDATE (yes, no)", Role.CONSOLE: READ},
    "django_migrations": {Role.WEB: READ, Role.SYNC: READ, Role.CONSOLE: READ},
    "oauth2_provider_refreshtoken": {},
    "oauth2_provider_idtoken": {},
    "oauth2_provider_devicegrant": {},
    # of packages, and of no use to us
    "auth_group": {},
    "auth_group_permissions": {},
    "auth_permission": {},
    "django_content_type": {},
    "portal_staffuser_groups": {},
    "portal_staffuser_user_permissions": {},
}


FUNCTIONS: Final[Functions] = {
    "standing_of": [Role.WEB],
    "read_standing": [Role.WEB],
    "use_standing": [Role.WEB],
}


def give(cursor: CursorWrapper) -> None:
    run(cursor, SQL / "standing.sql")
    give_tables(cursor, TABLES)
    give_functions(cursor, FUNCTIONS)


give_after_migrate: Final = after_migrate(give)
