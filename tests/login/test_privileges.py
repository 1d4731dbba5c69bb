"""What an organisation may grant: what is not understood grants nothing, and nothing hostile is expanded."""

import base64
from typing import Any
from uuid import UUID

import pytest

from indexes.records import Sensitivity
from portal.config import STAFF_ROLES, Config
from portal.login.claims import CVR, FULL_NAME, LEVEL, PRIVILEGES, STAFF_UUID, Employee, Rules, read_claims
from portal.login.failures import Reason, SignInError
from portal.login.privileges import Granted, Limits, Privilege, PrivilegesError, read_privileges
from portal.models import StaffUser

OLD, NEW = "http://itst.dk/oiosaml/basic_privilege_profile", "http://digst.dk/oiosaml/basic_privilege_profile"
RANDERS, LOLLAND, ODENSE, UDK = "29189668", "29188572", "35209115", "33236239"
ADMINISTRATOR, COORDINATOR, AT_UDK = (
    f"http://borgerblik.dk/roles/usersystemrole/{role}/1"
    for role in ("administrator", "coordinator", "udk_administrator")
)
EVERY_LEVEL = "IKKE_FORTROLIGE_DATA,FORTROLIGE_PERSONOPLYSNINGER,FOELSOMME_PERSONOPLYSNINGER,VIP_SAGER"
UNIT = "7d9f0000-0000-4000-8000-000000000001"
TWICE = '<Constraint Name="http://sts.kombit.dk/constraints/KLE/1">15.*</Constraint></PrivilegeGroup>'
TEN = "&{};" * 10
BOMB = f'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "{TEN.format(*"a" * 10)}"><!ENTITY c "{TEN.format(*"b" * 10)}">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def claim(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def listing(*groups: str, space: str = OLD) -> str:
    return claim(f'<?xml version="1.0"?><bpp:PrivilegeList xmlns:bpp="{space}">{"".join(groups)}</bpp:PrivilegeList>')


def group(*roles: str, cvr: str = RANDERS, **limits: str) -> str:
    inside = "".join(f"<Privilege>{role}</Privilege>" for role in roles)
    inside += "".join(
        f'<Constraint Name="http://sts.kombit.dk/constraints/{name}/1">{value}</Constraint>'
        for name, value in limits.items()
    )
    return f'<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{cvr}">{inside}</PrivilegeGroup>'


@pytest.mark.parametrize("space", [OLD, NEW])
def test_a_list_of_either_version_is_read(space: str) -> None:
    given = read_privileges(
        listing(
            group(
                ADMINISTRATOR,
                KLE="32.*, 15.17.06",
                foelsomhed="IKKE_FORTROLIGE_DATA,FORTROLIGE_PERSONOPLYSNINGER",
                orgenhed=UNIT,
                itsystem="KSD",
            ),
            group(COORDINATOR, "http://another.example/roles/x/1", cvr=LOLLAND),
            space=space,
        )
    )
    limits = Limits(
        kle=("32.*", "15.17.06"),
        sensitivity=(Sensitivity.ORDINARY, Sensitivity.CONFIDENTIAL),
        units=(UUID(UNIT),),
        systems=("KSD",),
    )
    assert given == Granted(
        privileges=(
            Privilege(role=ADMINISTRATOR, cvr=RANDERS, limits=limits),
            Privilege(role=COORDINATOR, cvr=LOLLAND, limits=Limits()),
            Privilege(role="http://another.example/roles/x/1", cvr=LOLLAND, limits=Limits()),
        )
    )
    assert given.privileges[0].as_json() == {
        "role": ADMINISTRATOR,
        "cvr": RANDERS,
        "limits": {
            "kle": ["32.*", "15.17.06"],
            "sensitivity": ["ordinary", "confidential"],
            "units": [UNIT],
            "systems": ["KSD"],
        },
    }


def test_elements_in_the_lists_own_namespace_are_read_too() -> None:
    xml = f'<PrivilegeList xmlns="{NEW}">{group(ADMINISTRATOR)}</PrivilegeList>'
    assert [privilege.role for privilege in read_privileges(claim(xml)).privileges] == [ADMINISTRATOR]


@pytest.mark.parametrize(
    "strange",
    [
        group(ADMINISTRATOR, cvr="2918966"),
        group(ADMINISTRATOR).replace("cvrNumberIdentifier", "productionUnitIdentifier"),
        group(ADMINISTRATOR).replace("Scope=", "scope="),
        group(ADMINISTRATOR).replace("<PrivilegeGroup ", '<PrivilegeGroup Until="2026-12-31" '),
        group(ADMINISTRATOR).replace("PrivilegeGroup", "Group"),
        group(ADMINISTRATOR, KLE="32.02.24.01"),
        group(ADMINISTRATOR, KLE="everything"),
        group(ADMINISTRATOR, KLE=""),
        group(ADMINISTRATOR, KLE="32.*,"),
        group(ADMINISTRATOR, foelsomhed="HEMMELIG"),
        group(ADMINISTRATOR, orgenhed="Jobcentret"),
        group(ADMINISTRATOR, itsystem="<b>KSD</b>"),
        group(ADMINISTRATOR, itsystem="KSD; DROP"),
        group(ADMINISTRATOR, beloeb="25000"),
        group(ADMINISTRATOR, KLE="32.*").replace("KLE/1", "KLE/2"),
        group(ADMINISTRATOR, KLE="32.*").replace("</PrivilegeGroup>", TWICE),
        group(ADMINISTRATOR, KLE="32.*").replace("<Constraint ", '<Constraint Not="true" '),
        group(ADMINISTRATOR).replace("</PrivilegeGroup>", "<Exception/></PrivilegeGroup>"),
    ],
)
def test_a_group_that_is_not_understood_grants_nothing_and_spoils_no_other(strange: str) -> None:
    given = read_privileges(listing(strange, group(COORDINATOR)))
    assert [privilege.role for privilege in given.privileges] == [COORDINATOR]
    assert given.not_understood == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "not base64!",
        claim("not XML"),
        claim(f'<PrivilegeList xmlns="http://another.example/">{group(ADMINISTRATOR)}</PrivilegeList>'),
        claim("<PrivilegeList/>"),
        claim(f'{BOMB}<PrivilegeList xmlns="{NEW}">{group("&c;")}</PrivilegeList>'),
        claim(f'{OUTSIDE}<PrivilegeList xmlns="{NEW}">{group("&a;")}</PrivilegeList>'),
        claim(f'<!DOCTYPE l><PrivilegeList xmlns="{NEW}">{group(ADMINISTRATOR)}</PrivilegeList>'),
        claim(f'<PrivilegeList xmlns="{NEW}">{"<a>" * 5000}{"</a>" * 5000}</PrivilegeList>'),
        listing(*[group(ADMINISTRATOR)] * 500),
        claim(f'<PrivilegeList xmlns="{NEW}"/>')[:-8],
    ],
    ids=range(11),
)
def test_what_is_no_list_is_refused_whole(hostile: str) -> None:
    with pytest.raises(PrivilegesError) as told:
        read_privileges(hostile)
    assert "PrivilegeGroup" not in str(told.value)


def test_a_comment_does_not_cut_a_role_short() -> None:
    """As in SAML libraries of 2018 (CVE-2017-11427): what stands after the comment must not be lost."""
    given = read_privileges(listing(group("http://borgerblik.dk/roles/usersystemrole/administrator/1<!-- -->.evil")))
    assert [privilege.role for privilege in given.privileges] == [f"{ADMINISTRATOR}.evil"]


RULES = Rules(
    municipality="",
    roles={"administrator": ADMINISTRATOR, "coordinator": COORDINATOR, "udk_administrator": AT_UDK},
    delegations={LOLLAND: RANDERS},
)


def employee(own: str, *groups: str) -> Employee:
    claims: dict[str, Any] = {
        LEVEL: "High",
        CVR: own,
        STAFF_UUID: f"urn:uuid:{UNIT}",
        FULL_NAME: "Karen Dahl",
        PRIVILEGES: listing(*groups),
    }
    found = read_claims(claims, RULES)
    assert isinstance(found, Employee)
    return found


@pytest.mark.parametrize(
    ("own", "groups", "role", "municipalities"),
    [
        (RANDERS, [group(ADMINISTRATOR)], "administrator", ("0730",)),
        (RANDERS, [group(ADMINISTRATOR), group(ADMINISTRATOR)], "administrator", ("0730",)),
        (RANDERS, [group(ADMINISTRATOR), group(ADMINISTRATOR, cvr=LOLLAND)], "administrator", ("0730", "0360")),
        (RANDERS, [group(ADMINISTRATOR), group(ADMINISTRATOR, cvr=ODENSE)], "administrator", ("0730",)),
        (LOLLAND, [group(ADMINISTRATOR), group(ADMINISTRATOR, cvr=LOLLAND)], "administrator", ("0360",)),
        (RANDERS, [group(COORDINATOR), group(ADMINISTRATOR, cvr=LOLLAND)], "administrator", ("0360",)),
        (RANDERS, [group(COORDINATOR, ADMINISTRATOR, KLE="32.*")], "administrator", ("0730",)),
        (RANDERS, [group(COORDINATOR), group(ADMINISTRATOR, itsystem="KSD")], "coordinator", ("0730",)),
        (RANDERS, [group(ADMINISTRATOR, foelsomhed=EVERY_LEVEL)], "administrator", ("0730",)),
        (RANDERS, [group(ADMINISTRATOR, orgenhed=UNIT), group(ADMINISTRATOR, KLE="15.*")], "administrator", ("0730",)),
        (UDK, [group(AT_UDK, cvr=UDK)], "udk_administrator", ()),
    ],
)
def test_who_gets_which_role_where(own: str, groups: list[str], role: str, municipalities: tuple[str, ...]) -> None:
    found = employee(own, *groups)
    assert (found.key, found.role, found.municipalities) == (UNIT, role, municipalities)


def test_an_authority_where_the_limit_is_not_kept_is_left_out_and_named() -> None:
    found = employee(RANDERS, group(ADMINISTRATOR, KLE="*"), group(ADMINISTRATOR, cvr=LOLLAND, itsystem="KSD"))
    assert (found.municipalities, found.left_out) == (("0730",), ("0360",))
    assert [privilege.cvr for privilege in found.privileges] == [RANDERS]


def test_who_has_nothing_but_limits_that_are_not_kept_is_told_that() -> None:
    with pytest.raises(SignInError, match="limited by what no page here can keep") as told:
        employee(RANDERS, group(ADMINISTRATOR, orgenhed=UNIT))
    assert told.value.reason is Reason.LIMITED


@pytest.mark.parametrize(
    ("own", "groups"),
    [
        (RANDERS, []),
        (RANDERS, [group(COORDINATOR, KLE="15.*")]),
        (RANDERS, [group(ADMINISTRATOR, orgenhed=UNIT)]),
        (RANDERS, [group(ADMINISTRATOR, KLE="32.*", itsystem="KSD")]),
        (RANDERS, [group(ADMINISTRATOR, foelsomhed="FORTROLIGE_PERSONOPLYSNINGER")]),
        (RANDERS, [group(ADMINISTRATOR, cvr=ODENSE)]),
        (RANDERS, [group("http://borgerblik.dk/roles/usersystemrole/administrator/2")]),
        (RANDERS, [group(ADMINISTRATOR, beloeb="1")]),
        (RANDERS, [group(AT_UDK)]),
        (UDK, [group(ADMINISTRATOR, cvr=UDK)]),
        ("12345678", [group(ADMINISTRATOR, cvr="12345678")]),
        ("", [group(ADMINISTRATOR)]),
    ],
)
def test_who_gets_none(own: str, groups: list[str]) -> None:
    with pytest.raises(SignInError, match="so nobody was signed in"):
        employee(own, *groups)


def test_the_roles_of_the_settings_are_those_of_the_employees() -> None:
    assert set(STAFF_ROLES) == set(StaffUser.Role)
    assert set(Config.model_fields["oidc_roles"].default) == set(STAFF_ROLES)
