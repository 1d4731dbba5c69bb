"""What the authorities have decided to show, and who changed it when. No citizen's data stands in these tables."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class AuthoritySettings(models.Model):
    """One authority (a municipality or Udbetaling Danmark) on Borgerblik: since when, and which etaper are on."""

    code = models.CharField(primary_key=True, max_length=4)
    since = models.DateField(null=True)
    etaper = ArrayField(models.SmallIntegerField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="authority_code_known_shape", condition=models.Q(code__regex=r"^(\d{4}|UDK)$")),
            models.CheckConstraint(
                name="etaper_are_of_the_stage_plan",
                condition=models.Q(etaper__contained_by=[1, 2, 3, 4]),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AreaSetting(models.Model):
    """One authority's decision about one area of the stage plan (``data/areas.toml``)."""

    authority = models.ForeignKey(AuthoritySettings, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(max_length=40)
    shown = models.BooleanField(default=False)
    from_date = models.DateField(null=True, blank=True)
    active_regardless = models.BooleanField(default=False)
    title = models.CharField(max_length=4, default="kle")
    fagsystemer = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    document_titles = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_setting_per_authority_and_area", fields=["authority", "area"]),
            models.CheckConstraint(
                name="area_key_shape",  # the areas themselves are data (areas.toml) and may change between releases
                condition=models.Q(area__regex=r"^[a-z]+(_[a-z]+)*$"),
            ),
            models.CheckConstraint(name="area_title_is_kle_or_case", condition=models.Q(title__in=["kle", "case"])),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.area}"


class PolicyVersion(models.Model):
    """What all decisions of all authorities are called as they stand now: another name after each change, one row.

    Triggers of the two tables above write it (``sql/decisions.sql``), in the transaction that changes them. Whoever has
    read the decisions under a name need not read them again while it stands.
    """

    id = models.SmallIntegerField(primary_key=True)
    version = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_policy_version", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.version)


class SettingChange(models.Model):
    """Who changed what, when; one row for each saved change.

    No role that the services use may change or remove a row, or say when it was written, and a seal (``seals``) tells
    if somebody else did.
    """

    authority = models.ForeignKey(AuthoritySettings, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(db_default=Now(), db_index=True)
    staff_key = models.CharField(max_length=64)
    what = models.CharField(max_length=60)  # "etape 3", "area social"
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.what}"
