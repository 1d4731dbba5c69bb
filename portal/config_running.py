"""The settings of how Borgerblik is run: how long things are kept, and what whoever watches it is told.

The rest, and how settings are read, is in ``config``.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

SHORTEST_TOKEN = 32  # characters of METRICS_TOKEN


class Running(BaseSettings):
    """What ``Config`` has besides its own."""

    keep_ended_days: int = Field(
        default=10950,
        ge=1,
        description="Days an ended case, grant or payment is kept when KLE has no deletion period for it. The index's "
        "own deletion comes first.",
    )
    keep_log_days: int = Field(
        default=1826,
        ge=180,  # the least that a log of look-ups is kept by long practice (sikkerhedsbekendtgørelsen § 19, stk. 2)
        description="Days an entry of the access log is kept, for the citizen to see who has looked.",
    )
    keep_quarantine_days: int = Field(
        default=90,
        ge=1,
        description="Days a message that cannot be used is kept after an index last sent it.",
    )
    keep_runs_days: int = Field(
        default=400,
        ge=1,
        description="Days the history of readings and of defects in the data is kept.",
    )
    keep_changes_days: int = Field(
        default=1826,
        ge=180,  # as the access log: the database lets go of nothing younger that is sealed
        description="Days it is kept who has changed a setting of an authority.",
    )
    keep_employees_days: int = Field(
        default=400,
        ge=1,
        description="Days an employee who does not sign in is kept; one who has been shut out is kept.",
    )
    keep_left_days: int = Field(
        default=90,
        ge=1,
        description="Days the records of an authority that has left Borgerblik are kept.",
    )

    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How lines of the log are written: text for people at a terminal, json (one object a line) for a "
        "program that collects them.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What Prometheus sends to read /metrics, as a bearer token; 32 random characters or more. Empty: "
        "nobody reads it.",
    )
    metrics_dir: str = Field(
        default="",
        description="A folder in which the processes of one server of pages keep their counts together; in memory "
        "(tmpfs) is best. Empty: each counts for itself.",
    )

    def problems_of_watching(self) -> Iterator[str]:
        """What keeps a production from starting that would tell whoever watches it the wrong thing."""
        if (token := self.metrics_token.get_secret_value()) and len(token) < SHORTEST_TOKEN:
            yield "METRICS_TOKEN is too short: it could be guessed. Set 32 random characters."
        if token and not self.metrics_dir:
            yield (
                "METRICS_TOKEN is set without METRICS_DIR: each of the pages' processes would count for itself, and "
                "/metrics tell of whichever answers. Set a folder in memory, such as /tmp/metrics."
            )
