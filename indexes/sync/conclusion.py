"""The end of a bulk reading: once, by whoever finds that every portion is done, in one transaction.

If it hangs together and can be believed, what it did not bring goes; else all stays, and why is told. A worker that
dies over it has changed nothing, and the next begins it anew.
"""

from collections import Counter

from django.db import transaction

from indexes import authorities, quarantine
from indexes.errors import BadAnswer, Flaw
from indexes.models import Load, SyncRun
from indexes.records import Source
from indexes.sources import Clock
from indexes.store import Seen, locks
from indexes.store.sweep import held
from indexes.sync import chain, ledger, plan
from indexes.sync.doubt import Found, Trouble, doubt
from indexes.sync.terms import Terms


def conclude(load_id: int, terms: Terms, *, clock: Clock) -> SyncRun | None:
    """Conclude a reading of which every portion is done, if nobody else does it now.

    Answers its run, which is over then; None when there is more to read.
    """
    with transaction.atomic():
        load = Load.objects.filter(pk=load_id, stopped=False).first()
        if load is None or not locks.alone_here(Source(load.source), load.authority_cvr):
            return None
        # Again, now that nobody else concludes it: it may just have been.
        load = Load.objects.select_related("run").filter(pk=load_id, stopped=False).first()
        if load is None or not plan.all_done(load_id):
            return None
        return load.run if _conclude(load, terms, clock) else None


def _conclude(load: Load, terms: Terms, clock: Clock) -> bool:
    """Whether the reading is over."""
    try:
        if not chain.mend(load):
            return False
        trouble = _sweep(load, terms, clock)
    except chain.BrokenError:
        error = BadAnswer(Flaw.INCOMPLETE)
        trouble = Trouble(code=error.code, message=str(error))
    if trouble is not None:
        ledger.fail(load.run, trouble, plan.counts_of(load.pk, load.run), clock())
        ledger.keep_taken(load.run, load.taken)
    load.delete()
    return True


def _sweep(load: Load, terms: Terms, clock: Clock) -> Trouble | None:
    """Remove what is gone, if the reading can be believed; else why it cannot."""
    source, owner = Source(load.source), load.authority_cvr
    counts, of_all = plan.counts_of(load.pk, load.run), plan.counts_of(load.pk)
    seen = Seen(load.pk, source, owner, since=load.started)
    rows, surplus = held(source, owner), seen.surplus()
    found = Found(
        authority=authorities.by_cvr[owner].name,
        counts=of_all,
        held=rows,
        surplus=surplus,
        taken=Counter(load.taken),
        known_to_be_empty=ledger.known_to_be_empty(source, owner),
    )
    trouble = None if load.confirmed else doubt(found, max_removal_share=terms.max_removal_share)
    if trouble is not None:
        return trouble
    if surplus.total():
        counts.removed += seen.remove_surplus()
    quarantine.forget(source=source, authority_cvr=owner, before=load.started)
    ledger.succeed(load.run, counts, of_all=of_all, began=load.started, rows=(rows - surplus).total(), now=clock())
    return None
