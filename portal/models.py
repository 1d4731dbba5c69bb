"""Staff who sign in to the console. Citizens are not users: a citizen is a row in ``indexes`` and a session."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

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
