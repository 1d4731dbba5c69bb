"""The seals over the access log and over the history of the decisions (``borgerblik.seals``). No personal data."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from borgerblik.seals.ids import IdsField, parts_of, size_of
from borgerblik.seals.tree import Sealed


class Block(models.Model):
    """A seal over some rows of a table, chained to the seal before (``seals``). No personal data.

    Which rows is said by their ids, so that nobody who writes waits for a seal: what is still being written while a
    block is made has a lower id than others in it, and stands in a later block.
    """

    number = models.IntegerField(primary_key=True)  # from 1, without gaps
    ids = IdsField()
    root = models.BinaryField()  # Merkle tree hash (RFC 9162, section 2.1.1)
    previous = models.BinaryField()  # the seal of the block before; 32 zero bytes for the first
    seal = models.BinaryField()  # SHA-256 of all of the above and below
    sealed = models.DateTimeField()

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"block {self.number}"

    @property
    def entries(self) -> int:
        return size_of(self.ids)

    def told(self) -> Sealed:
        """What the seal has to vouch for."""
        return Sealed(
            number=self.number,
            parts=parts_of(self.ids),
            root=bytes(self.root),
            previous=bytes(self.previous),
            at=self.sealed,
        )


def _reaches(name: str) -> models.Index:
    return models.Index(models.Func("ids", function="upper", output_field=models.BigIntegerField()), name=name)


def _holds_something(name: str) -> models.CheckConstraint:
    empty = models.Func("ids", function="isempty", output_field=models.BooleanField())
    return models.CheckConstraint(name=name, condition=~models.Q(empty))


def _is_alone(name: str) -> ExclusionConstraint:
    return ExclusionConstraint(name=name, expressions=[("ids", RangeOperators.OVERLAPS)])


class AccessBlock(Block):
    """A seal over some entries of the access log."""

    class Meta:
        indexes = [_reaches("block_reaches")]
        constraints = [_holds_something("block_holds_something"), _is_alone("no_entry_is_in_two_blocks")]


class SettingBlock(Block):
    """A seal over some changes of settings."""

    class Meta:
        indexes = [_reaches("setting_block_reaches")]
        constraints = [_holds_something("setting_block_holds_something"), _is_alone("no_change_is_in_two_blocks")]
