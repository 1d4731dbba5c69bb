"""What django-oauth-toolkit asks about whoever has been chosen.

The ID token says no more than who somebody is to the sites; all else is for the userinfo endpoint. The token comes back
in an address when one signs out (OpenID Connect RP-Initiated Logout, section 2), and addresses are written down.
"""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from portal.demo.provider.claims import claims_of, subject_of
from portal.demo.provider.people import fetch_people
from portal.demo.provider.settings import PEOPLE_URL


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library ships no types
    """The names of the methods are the library's."""

    oidc_claim_scope = None  # one scope, openid, and everything in it

    def get_claim_dict(self, request: Any) -> dict[str, str]:
        return {"sub": subject_of(request.user.get_username())}

    def get_userinfo_claims(self, request: Any) -> dict[str, str]:
        person = fetch_people(PEOPLE_URL).find(request.user.get_username())
        said: dict[str, str] = super().get_userinfo_claims(request)
        return said | (claims_of(person) if person else {})
