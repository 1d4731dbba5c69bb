"""What this room's tables and the frameworks' tables hold, and what lies in places that are no tables.

Plain Python (``indexes.personal`` has the words). A new field needs one line here, a new table one entry, a new cookie,
message or key of the session one line in ``PLACES``; tests compare each with what the code really writes.
"""

from collections.abc import Mapping
from typing import Final

from borgerblik import declared as borgerblik_declared
from indexes import declared as indexes_declared
from indexes.personal import (
    About,
    Datum,
    Declared,
    Origin,
    Purpose,
    Rule,
    confidential,
    cpr,
    ordinary,
    plain,
    pseudonym,
)

HERE, PROVIDER, CONSUMER = Origin.HERE, Origin.PROVIDER, Origin.CONSUMER
UNUSED = "not used here, always empty"


def _framework(*names: str, **fields: Datum) -> Declared:
    """A framework's own table about nobody: rights and kinds of content."""
    plains = {name: plain(HERE, "the framework's own") for name in names}
    return Declared(about=About.NOBODY, purpose=Purpose.GUARD, kept=Rule.STANDING, fields={**plains, **fields})


def _oauth(about: About, kept: Rule, unused: tuple[str, ...] = (), **fields: Datum) -> Declared:
    """A table of the OAuth toolkit. Consumers are organisations; ``user`` and the like are for flows we do not use."""
    common = {
        "id": plain(HERE, "a number"),
        "user": plain(HERE, UNUSED),
        "created": plain(HERE, "when it was made"),
        "updated": plain(HERE, "when it last changed"),
        "scope": plain(HERE, "what it reaches"),
        "expires": plain(HERE, "when it ends"),
        "application": plain(HERE, "of which consumer"),
        **{name: plain(HERE, UNUSED) for name in unused},
    }
    return Declared(about=about, purpose=Purpose.GUARD, kept=kept, fields={**common, **fields})


def _without(declared: Declared, *names: str) -> Declared:
    return Declared(
        about=declared.about,
        purpose=declared.purpose,
        kept=declared.kept,
        fields={name: datum for name, datum in declared.fields.items() if name not in names},
    )


PRIVILEGES: Final[Mapping[str, Datum]] = {
    "[].role": ordinary(PROVIDER, "the role"),
    "[].cvr": ordinary(PROVIDER, "the organisation it is in"),
    "[].limits.kle[]": ordinary(PROVIDER, "the KLE numbers it is limited to"),
    "[].limits.sensitivity[]": ordinary(PROVIDER, "the sensitivity it is limited to"),
    "[].limits.units[]": ordinary(PROVIDER, "the units it is limited to"),
    "[].limits.systems[]": ordinary(PROVIDER, "the systems it is limited to"),
}

DECLARED: Final[Mapping[str, Declared]] = {
    "portal.StaffUser": Declared(
        about=About.STAFF,
        purpose=Purpose.GUARD,
        kept=Rule.EMPLOYEES,
        fields={
            "id": plain(HERE, "a number"),
            "password": plain(HERE, UNUSED),
            "last_login": ordinary(HERE, "when they last signed in"),
            "is_superuser": plain(HERE, UNUSED),
            "key": pseudonym(PROVIDER, "what the identity provider knows them by"),
            "name": ordinary(PROVIDER, "their name"),
            "role": ordinary(PROVIDER, "their role here"),
            "municipalities": ordinary(PROVIDER, "the authorities they decide for"),
            "privileges": ordinary(PROVIDER, "what their organisation has granted them", PRIVILEGES),
            "is_active": ordinary(HERE, "whether they have been shut out"),
            "is_staff": plain(HERE, UNUSED),
            "date_joined": ordinary(HERE, "when they first signed in"),
        },
    ),
    "portal.StaffUser_groups": _framework("id", "staffuser", "group"),
    "portal.StaffUser_user_permissions": _framework("id", "staffuser", "permission"),
    "auth.Permission": _framework("id", "name", "content_type", "codename"),
    "auth.Group": _framework("id", "name"),
    "auth.Group_permissions": _framework("id", "group", "permission"),
    "contenttypes.ContentType": _framework("id", "app_label", "model"),
    "sessions.Session": Declared(
        about=About.CITIZENS,
        purpose=Purpose.IDENTIFY,
        kept=Rule.SESSIONS,
        fields={
            "session_key": pseudonym(HERE, "the random key that the browser's cookie holds"),
            "session_data": ordinary(HERE, "who is signed in (see the session's own keys)"),
            "expire_date": ordinary(HERE, "when it ends"),
        },
    ),
    "portal.Consumer": Declared(
        about=About.CONSUMERS,
        purpose=Purpose.GUARD,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "application": plain(HERE, "what it is known by"),
            "organisation": plain(CONSUMER, "who answers for it"),
            "cvr": plain(CONSUMER, "the organisation's CVR number"),
            "purpose": plain(CONSUMER, "why it asks"),
            "purpose_da": plain(CONSUMER, "why it asks, in its own words in Danish"),
            "purpose_en": plain(CONSUMER, "the same in English"),
            "legal_basis": plain(CONSUMER, "by which law"),
            "authorities": plain(HERE, "whose records it may see"),
            "areas": plain(HERE, "the areas it may see"),
            "scopes": plain(HERE, "the kinds of data it may read"),
            "registered": plain(HERE, "since when"),
            "revoked": plain(HERE, "when it was shut out"),
        },
    ),
    "portal.ConsumerSecret": Declared(
        about=About.CONSUMERS,
        purpose=Purpose.GUARD,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "consumer": plain(HERE, "whose"),
            "digest": plain(HERE, "a hash of the secret"),
            "made": plain(HERE, "when it was made"),
            "until": plain(HERE, "how long it counts when another has taken its place"),
        },
    ),
    "portal.Usefulness": Declared(
        about=About.NOBODY,
        purpose=Purpose.RUN,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "page": plain(HERE, "which kind of page"),
            "language": plain(HERE, "in which language"),
            "day": plain(HERE, "on which day"),
            "yes": plain(Origin.CITIZEN, "how many have said that it was of use"),
            "no": plain(Origin.CITIZEN, "how many have said that it was not"),
        },
    ),
    "oauth2_provider.Application": _without(
        _oauth(
            About.CONSUMERS,
            Rule.STANDING,
            ("redirect_uris", "post_logout_redirect_uris", "allowed_origins", "cimd_expires_at"),
            client_id=plain(HERE, "what the consumer is known by"),
            client_type=plain(HERE, "confidential"),
            authorization_grant_type=plain(HERE, "client credentials"),
            client_secret=plain(HERE, UNUSED),
            hash_client_secret=plain(HERE, UNUSED),
            name=plain(Origin.AUTHORITY, "the consumer's name"),
            skip_authorization=plain(HERE, UNUSED),
            algorithm=plain(HERE, UNUSED),
            registration_source=plain(HERE, "how it was registered"),
        ),
        "scope",
        "expires",
        "application",
    ),
    "oauth2_provider.AccessToken": _oauth(
        About.CONSUMERS,
        Rule.TOKENS,
        ("source_refresh_token", "id_token", "resource"),
        token=plain(HERE, "a seal over the rest of the row; never the token"),
        token_checksum=plain(HERE, "what it is found by"),
    ),
    "oauth2_provider.Grant": _oauth(
        About.NOBODY,
        Rule.TOKENS,
        ("code", "redirect_uri", "code_challenge", "code_challenge_method", "nonce", "claims", "resource"),
    ),
    "oauth2_provider.RefreshToken": _without(
        _oauth(
            About.NOBODY,
            Rule.TOKENS,
            ("token", "token_checksum", "access_token", "token_family", "resource", "revoked"),
        ),
        "scope",
        "expires",
    ),
    "oauth2_provider.IDToken": _oauth(About.NOBODY, Rule.TOKENS, ("jti",)),
    "oauth2_provider.DeviceGrant": _without(
        _oauth(
            About.NOBODY,
            Rule.TOKENS,
            ("device_code", "user_code", "interval", "status", "client_id", "last_checked"),
        ),
        "created",
        "updated",
        "application",
    ),
}

SESSION: Final[Mapping[str, Datum]] = {
    "citizen.citizen_id": pseudonym(HERE, "which citizen is signed in"),
    "citizen.name": ordinary(PROVIDER, "their name"),
    "citizen.given_name": ordinary(PROVIDER, "their given name"),
    "citizen.birth_date": ordinary(PROVIDER, "their date of birth"),
    "citizen.municipality": ordinary(PROVIDER, "the municipality they live in"),
    "helping.power": pseudonym(HERE, "the power of attorney by which they see somebody else's pages just now"),
    "helping.name": ordinary(HERE, "that citizen's name"),
    "helping.given_name": ordinary(HERE, "their given name"),
    "helping.municipality": ordinary(HERE, "the municipality they live in"),
    "helping.areas": ordinary(HERE, "the areas that may be seen"),
    "helping.until": ordinary(HERE, "until when"),
    "power_made.id": pseudonym(HERE, "the power of attorney that was given in this visit"),
    "power_made.code": pseudonym(HERE, "its code, which is shown while the visit lasts"),
    "_messages": plain(HERE, "what the console has just done, until the next page"),
    "provider.issuer": plain(HERE, "by which identity provider they signed in"),
    "provider.hint": pseudonym(PROVIDER, "its ID token, by which it knows whom to sign out; never with a CPR number"),
    "sign_in": plain(HERE, "what was asked of the identity provider, until its answer"),
    "language": ordinary(Origin.CITIZEN, "the language they read in"),
    "begun": ordinary(HERE, "when they signed in"),
    "seen": ordinary(HERE, "when the session was last used"),
    "_auth_user_id": pseudonym(HERE, "which employee is signed in"),
    "_auth_user_backend": plain(HERE, "how Django knows them"),
    "_auth_user_hash": plain(HERE, "whether that still holds"),
    "_session_expiry": plain(HERE, "when a session without sign-in ends"),
}

PLACES: Final[Mapping[str, Declared]] = {
    "session": Declared(about=About.CITIZENS, purpose=Purpose.IDENTIFY, kept=Rule.SESSIONS, fields=SESSION),
    "cookies": Declared(
        about=About.CITIZENS,
        purpose=Purpose.IDENTIFY,
        kept=Rule.BROWSER,
        fields={
            "borgerblik": pseudonym(HERE, "the session's random key"),
            "csrftoken": plain(HERE, "a random number that shows a form is ours"),
            "sprog": ordinary(Origin.CITIZEN, "the language chosen, signed"),
        },
    ),
    "messages in the queue": Declared(
        about=About.CITIZENS,
        purpose=Purpose.RUN,
        kept=Rule.PASSING,
        fields={
            "citizen_id": pseudonym(HERE, "the citizen to ask the indexes about"),
            "source": plain(HERE, "the index to read"),
            "code": plain(HERE, "the authority to read it for"),
            "cleaning_id": plain(HERE, "what somebody has asked to be cleaned"),
        },
    ),
    "log lines": Declared(
        about=About.CITIZENS,
        purpose=Purpose.RUN,
        kept=Rule.OPERATOR,
        fields={
            "citizen": pseudonym(HERE, "a citizen's id"),
            "counts": plain(HERE, "how many of what, and why not"),
            "request": plain(HERE, "an address, which never holds a CPR number"),
        },
    ),
    "answers by REST": Declared(
        about=About.CITIZENS,
        purpose=Purpose.SHOW,
        kept=Rule.PASSING,
        fields={
            "cpr": cpr(CONSUMER, "whom a consumer asks about: in the body, never in an address, and not kept"),
            "summary": confidential(HERE, "what a page would show, within the consumer's registration"),
        },
    ),
}

# Every table and place of the three rooms, in the order of the data's way.
TABLES: Final[Mapping[str, Declared]] = {**indexes_declared.DECLARED, **borgerblik_declared.DECLARED, **DECLARED}
EVERYWHERE: Final[Mapping[str, Declared]] = {**TABLES, **PLACES}
