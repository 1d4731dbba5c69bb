"""What the provider says of somebody.

In the words of NemLog-in's attributes (OIOSAML Web SSO Profile 3.0) and of the OIO Basic Privilege Profile 1.2. How the
municipality of residence travels is no standard: each broker has a claim of its own.
"""

import base64
import tomllib
from pathlib import Path
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from portal.demo.provider.people import Citizen, Employee

EID = "https://data.gov.dk/model/core/eid/"
LEVEL = "https://data.gov.dk/concept/core/nsis/loa"
MUNICIPALITY = "https://borgerblik.dk/claims/municipality"
_BPP = "http://digst.dk/oiosaml/basic_privilege_profile"
_SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:"
_ROLE = "http://borgerblik.dk/roles/usersystemrole/{}/1"
_KLE = "http://sts.kombit.dk/constraints/KLE/1"
_EVERYBODY = UUID("5d3c8f6e-1a0b-4c59-9a53-0d6f2f3b7a10")  # of which each made-up person's UUID is made
_ORGANISATIONS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("organisations.toml").read_text("utf-8"),
)
UDK = "UDK"


def subject_of(key: str) -> str:
    """Who somebody is to the sites: the same at every sign-in, and nothing that says who (OIDC Core, section 8)."""
    return str(uuid5(_EVERYBODY, key))


def claims_of(person: Citizen | Employee) -> dict[str, str]:
    """Everything that is said of a person, but for who they are to the sites."""
    said = {LEVEL: "Substantial", f"{EID}fullName": person.name}
    return said | (_of_citizen(person) if isinstance(person, Citizen) else _of_employee(person))


def _of_citizen(person: Citizen) -> dict[str, str]:
    return {
        f"{EID}cprNumber": person.cpr,
        f"{EID}cprUuid": str(uuid5(_EVERYBODY, f"cpr {person.key}")),
        f"{EID}firstName": person.given_name,
        f"{EID}dateOfBirth": person.birth_date.isoformat(),
        MUNICIPALITY: person.municipality,
    }


def _of_employee(person: Employee) -> dict[str, str]:
    organisations = [_ORGANISATIONS[code] for code in person.municipalities or [UDK]]
    return {
        f"{EID}professional/cvr": organisations[0],
        f"{EID}professional/uuid/persistent": f"urn:uuid:{subject_of(person.key)}",
        f"{EID}privilegesIntermediate": privileges(person.role, organisations),
    }


def privileges(role: str, organisations: list[str]) -> str:
    """The role in each organisation (CVR number), without limits of topic, as a PrivilegeList in base64."""
    groups = "".join(
        f"<PrivilegeGroup Scope={quoteattr(_SCOPE + cvr)}><Privilege>{escape(_ROLE.format(role))}</Privilege>"
        f"<Constraint Name={quoteattr(_KLE)}>*</Constraint></PrivilegeGroup>"
        for cvr in organisations
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="{_BPP}">{groups}</bpp:PrivilegeList>'
    return base64.b64encode(xml.encode()).decode("ascii")
