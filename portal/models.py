"""Staff who sign in to the console, and the systems that call the API.

Citizens are not users: a citizen is a row in ``indexes`` and a session.
"""

import json
from typing import Final

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import Regex
from django.utils.crypto import salted_hmac

from borgerblik.overview.access import STANDARD_PURPOSES
from indexes.authorities import UDK, by_code
from portal.login.reach import ADMINISTRATORS, Reach, reach_of, read_kept


class StaffUser(AbstractBaseUser, PermissionsMixin):
    """A person employed by one or more authorities, known by the key that the identity provider gives."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"
        UDK_ADMINISTRATOR = "udk_administrator", "Administrator, Udbetaling Danmark"
        COORDINATOR = "coordinator", "Koordinerende sagsbehandler"

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices)
    municipalities = ArrayField(models.CharField(max_length=4), default=list)
    # What the organisation has granted, limits of topic, sensitivity, unit and system included (login/privileges.py).
    privileges = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager["StaffUser"]()

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_role_known",
                condition=models.Q(role__in=["administrator", "udk_administrator", "coordinator"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session of theirs rests on (Django's own rests on a password): it ends when any of this changes.

        The pages' role writes these rows, so that it can be trusted with no more: whoever has its password alone makes
        nobody in a browser an administrator, for sessions are sealed (``login/sessions.py``).
        """
        rests_on = json.dumps([self.key, self.role, self.municipalities, self.privileges], sort_keys=True)
        return salted_hmac("portal.models.StaffUser", rests_on, algorithm="sha256").hexdigest()

    def reach(self, authority: str) -> Reach | None:
        """How far this person decides for the authority (a kommune code, or "UDK"); None: not at all.

        Raises:
            KeptPrivilegesError: what their organisation has granted cannot be read; then they decide nothing anywhere.
        """
        at_udk = self.role == self.Role.UDK_ADMINISTRATOR
        theirs = authority == UDK if at_udk else authority in self.municipalities
        if self.role not in ADMINISTRATORS or not theirs or authority not in by_code:
            return None
        return reach_of(self.role, read_kept(self.privileges), by_code[authority].cvr)


LINE: Final = r"^\S[^\n\r]*$"  # some words on one line
ALL: Final = "*"  # stands alone in a registration: every authority, every area
LOG: Final = "access-log"
SCOPES: Final = {
    "summary": "Read one citizen's overview: cases, payments and plan together.",
    "cases": "Read one citizen's cases.",
    "payments": "Read one citizen's payments and grants.",
    "plan": "Read one citizen's holistic plan.",
    LOG: "Read who has read one citizen's data.",
}


def _each(field: str, pattern: str) -> Regex:
    """That every text of an array fits, and that there is one: ``Q`` has no word for it."""
    joined = models.Func(
        models.F(field), models.Value(" "), function="array_to_string", output_field=models.TextField()
    )
    return Regex(joined, rf"^({pattern})( ({pattern}))*$")


class Consumer(models.Model):
    """The registration of a system that calls the API: whose it is, what for, and how far it reaches.

    Beside the OAuth toolkit's application, which knows only how a token is given out. An application without a
    registration gets none.
    """

    application = models.OneToOneField("oauth2_provider.Application", on_delete=models.CASCADE, related_name="consumer")
    organisation = models.CharField(max_length=200)  # who answers for it; the citizen reads the name
    cvr = models.CharField(max_length=8)
    purpose = models.CharField(max_length=20, default="")  # a standard one; "": it is told in words of its own
    purpose_da = models.CharField(max_length=300, default="")  # in plain words: citizens read it in the access log
    purpose_en = models.CharField(max_length=300, default="")
    legal_basis = models.CharField(max_length=300)
    authorities = ArrayField(models.CharField(max_length=4))  # kommune codes and "UDK": whose records it may see
    areas = ArrayField(models.CharField(max_length=40))  # keys of the stage plan (borgerblik/data/areas.toml)
    scopes = ArrayField(models.CharField(max_length=20))
    registered = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True)  # from then on neither a secret nor a token of it counts

    class Meta:
        constraints = [
            models.CheckConstraint(name="consumer_cvr_is_eight_digits", condition=models.Q(cvr__regex=r"^[0-9]{8}$")),
            models.CheckConstraint(
                name="consumer_says_who_why_and_by_which_law",  # one line each: the log keeps both languages as two
                condition=models.Q(organisation__regex=LINE, legal_basis__regex=LINE)
                & (
                    models.Q(purpose="", purpose_da__regex=LINE, purpose_en__regex=LINE)
                    | models.Q(purpose__in=STANDARD_PURPOSES, purpose_da="", purpose_en="")
                ),
            ),
            models.CheckConstraint(
                name="consumer_reaches_authorities_or_all",
                condition=models.Q(authorities=[ALL]) | models.Q(_each("authorities", r"[0-9]{4}|UDK")),
            ),
            models.CheckConstraint(
                name="consumer_reaches_areas_or_all",
                condition=models.Q(areas=[ALL]) | models.Q(_each("areas", r"[a-z]+(_[a-z]+)*")),
            ),
            models.CheckConstraint(
                name="consumer_scopes_are_ours",
                condition=models.Q(scopes__contained_by=list(SCOPES)) & models.Q(scopes__len__gt=0),
            ),
            models.CheckConstraint(
                name="consumer_of_the_log_reaches_all",  # the access log is split by neither authority nor area
                condition=~models.Q(scopes__contains=[LOG]) | models.Q(authorities=[ALL], areas=[ALL]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.application.client_id)


class ConsumerSecret(models.Model):
    """A secret of a consumer: the SHA-256 of 256 random bits, and until when it counts.

    While a consumer changes secrets two count: the new one, and the old one until its day.
    """

    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consumer_secret_is_a_digest", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
            models.UniqueConstraint(
                name="one_lasting_secret_per_consumer", fields=["consumer"], condition=models.Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.made:%Y-%m-%d}"


class Usefulness(models.Model):
    """How many have said on a day that a kind of page in a language was of use, and how many that it was not.

    Counters, of nobody: who has answered is not kept (``citizen/usefulness.py``).
    """

    page = models.CharField(max_length=40)  # the name of its address
    language = models.CharField(max_length=12)
    day = models.DateField()
    yes = models.PositiveIntegerField()
    no = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_counter_per_page_language_and_day", fields=["page", "language", "day"]),
            models.CheckConstraint(name="usefulness_page_is_a_name", condition=models.Q(page__regex=r"^[a-z_]+$")),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.language} {self.day}"
