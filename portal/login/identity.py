"""Who is signed in, as every other module meets them. The one place that knows how the session says it.

Whoever finds out who somebody is (``views.answer_page``) calls ``sign_in`` or ``sign_in_staff``. Each begins a new
session: its key is another than before, so that nobody can have planted it. It holds no CPR number: a citizen is known
by the id of their row.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from borgerblik.grants import ByGrant, Reader, close_grant, open_grant
from borgerblik.overview.material import Person
from borgerblik.powers import follow
from portal.language import language_of
from portal.login import clock
from portal.login.claims import Citizen
from portal.login.failures import Reason, SignInError
from portal.login.privileges import Privilege
from portal.login.sessions import token_of
from portal.models import StaffUser

# As the access log tells of them.
THEMSELVES = Reader(actor="citizen", organisation="", system="borgerblik", purpose="own_page")
_CITIZEN = "citizen"
_LANGUAGE = "language"
_PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenIdentity:
    """A citizen who has signed in. ``municipality`` is the kommune code of where they live.

    ``leave`` opens their rows, as long as the session lasts.
    """

    citizen_id: UUID
    leave: ByGrant
    name: str
    given_name: str
    birth_date: dt.date | None
    municipality: str

    @property
    def person(self) -> Person:
        """As what is read about them is worded for."""
        return Person(
            name=self.name,
            given_name=self.given_name,
            birth_date=self.birth_date,
            municipality=self.municipality,
        )

    @property
    def is_authenticated(self) -> bool:
        """What REST's permission classes ask of whoever calls."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffIdentity:
    """An employee as the identity provider tells of them.

    ``role`` is one of ``StaffUser.Role``; ``privileges`` are those that give it.
    """

    key: str
    name: str
    role: str
    municipalities: tuple[str, ...]
    privileges: tuple[Privilege, ...] = ()


def citizen_of(request: HttpRequest) -> CitizenIdentity | None:
    """The citizen of this session; None when nobody, or an employee, is signed in."""
    held = request.session.get(_CITIZEN)
    if held is None:
        return None
    born = held["birth_date"]
    return CitizenIdentity(
        citizen_id=UUID(held["citizen_id"]),
        leave=ByGrant(token=token_of(request.session)),
        name=held["name"],
        given_name=held["given_name"],
        birth_date=dt.date.fromisoformat(born) if born else None,
        municipality=held["municipality"],
    )


def staff_of(request: HttpRequest) -> StaffUser | None:
    """The employee of this session; None when nobody, or a citizen, is signed in."""
    return request.user if isinstance(request.user, StaffUser) and request.user.is_active else None


def name_of(request: HttpRequest) -> str | None:
    """The name of whoever is signed in."""
    someone = citizen_of(request) or staff_of(request)
    return someone.name if someone else None


def sign_in(request: HttpRequest, citizen: Citizen) -> UUID:
    """Begin a citizen's session: a new one, with nothing of whoever sat here before but the language.

    Here the CPR number becomes an id, and a grant that the session's own key opens; answers the id.
    """
    _close(request)
    request.session.flush()
    rotate_token(request)
    request.session.create()
    citizen_id = open_grant(citizen.cpr, THEMSELVES, token=token_of(request.session), lasts=clock.WHOLE)
    hold(request, citizen_id, citizen)
    if (signed_in := citizen_of(request)) is not None:
        follow(signed_in.leave, signed_in.person)
    return citizen_id


def hold(request: HttpRequest, citizen_id: UUID, citizen: Citizen) -> None:
    """Let a new session say that this citizen has signed in just now."""
    clock.start(request.session, timezone.now())
    request.session[_LANGUAGE] = language_of(request)
    request.session[_CITIZEN] = {
        "citizen_id": str(citizen_id),
        "name": citizen.name,
        "given_name": citizen.given_name,
        "birth_date": citizen.birth_date.isoformat() if citizen.birth_date else None,
        "municipality": citizen.municipality,
    }


def sign_in_staff(request: HttpRequest, staff: StaffIdentity) -> None:
    """Begin an employee's session. What the provider says of them holds from now on: a role may have changed.

    Raises:
        SignInError: they have been shut out here, whatever their organisation grants.
    """
    _close(request)
    request.session.flush()
    told = {
        "name": staff.name,
        "role": staff.role,
        "municipalities": list(staff.municipalities),
        "privileges": [privilege.as_json() for privilege in staff.privileges],
    }
    user, _ = StaffUser.objects.update_or_create(key=staff.key, defaults=told)
    if not user.is_active:
        raise SignInError(
            Reason.NO_PRIVILEGES, f"Employee {user.pk} has been shut out here (is_active), so nobody was signed in."
        )
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")


def take_away(key: str) -> None:
    """An employee has no role here any more: that holds at once, in every browser in which they are signed in."""
    StaffUser.objects.filter(key=key).update(privileges=[], municipalities=[])


def sign_out(request: HttpRequest) -> None:
    """End the session of whoever sits here, and what it opened."""
    _close(request)
    auth.logout(request)


def _close(request: HttpRequest) -> None:
    """What this session opened is closed; also when somebody else signs in over it."""
    if _CITIZEN in request.session:
        close_grant(token_of(request.session))


def keep_for_sign_out(request: HttpRequest, *, issuer: str, hint: str) -> None:
    """Remember by which provider this session began, and its ID token: it knows by that whom to sign out."""
    request.session[_PROVIDER] = {"issuer": issuer, "hint": hint}


def hint_for_sign_out(request: HttpRequest, *, issuer: str) -> str | None:
    """The ID token by which the provider knows whom to sign out, perhaps empty; None when this one signed in nobody."""
    held = request.session.get(_PROVIDER)
    return str(held["hint"]) if held and held["issuer"] == issuer else None


def language_kept(request: HttpRequest) -> str | None:
    """The language somebody signed in has chosen."""
    kept: str | None = request.session.get(_LANGUAGE)
    return kept


def keep_language(request: HttpRequest, language: str) -> None:
    request.session[_LANGUAGE] = language
