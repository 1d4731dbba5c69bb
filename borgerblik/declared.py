"""What the tables of this room hold: of every field whether it is personal, which kind, where from and how long kept.

Plain Python (``indexes.personal`` has the words). A new field needs one line here, and a new table one entry.
"""

from collections.abc import Mapping
from typing import Final

from indexes.personal import About, Declared, Origin, Purpose, Rule, confidential, ordinary, plain, pseudonym, special

HERE, AUTHORITY, KL = Origin.HERE, Origin.AUTHORITY, Origin.KL

_SEALS: Final = Declared(
    about=About.NOBODY,
    purpose=Purpose.ACCOUNT,
    kept=Rule.STANDING,  # the chain must reach back to its first seal to be verified
    fields={
        "number": plain(HERE, "the block's place in the chain"),
        "ids": plain(HERE, "which entries it covers"),
        "root": plain(HERE, "the Merkle root of its entries"),
        "previous": plain(HERE, "the seal of the block before"),
        "seal": plain(HERE, "its own seal"),
        "sealed": plain(HERE, "when it was sealed"),
    },
)
DECLARED: Final[Mapping[str, Declared]] = {
    "borgerblik.AuthoritySettings": Declared(
        about=About.NOBODY,
        purpose=Purpose.DECIDE,
        kept=Rule.STANDING,
        fields={
            "code": plain(HERE, "which authority"),
            "since": plain(AUTHORITY, "since when it is on Borgerblik"),
            "etaper": plain(AUTHORITY, "which stages it has opened"),
        },
    ),
    "borgerblik.AreaSetting": Declared(
        about=About.NOBODY,
        purpose=Purpose.DECIDE,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "authority": plain(HERE, "which authority"),
            "area": plain(HERE, "which area"),
            "shown": plain(AUTHORITY, "whether it is shown"),
            "from_date": plain(AUTHORITY, "from which date"),
            "active_regardless": plain(AUTHORITY, "whether active cases are shown whatever their date"),
            "title": plain(AUTHORITY, "whose title is shown: KLE's or the case's"),
            "fagsystemer": plain(AUTHORITY, "which business systems count"),
            "document_titles": plain(AUTHORITY, "whether documents' titles are shown"),
        },
    ),
    "borgerblik.RetiredFagsystem": Declared(
        about=About.NOBODY,
        purpose=Purpose.DECIDE,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "authority": plain(HERE, "which authority"),
            "fagsystem": plain(AUTHORITY, "which business system it no longer uses"),
            "since": plain(AUTHORITY, "since when"),
        },
    ),
    "borgerblik.Cleaning": Declared(
        about=About.STAFF,
        purpose=Purpose.ACCOUNT,
        kept=Rule.CHANGES,
        fields={
            "id": plain(HERE, "the receipt's number"),
            "work": plain(AUTHORITY, "what is to be done"),
            "authority_code": plain(HERE, "for which authority"),
            "about": plain(AUTHORITY, "of which business system, or of which messages by what is wrong"),
            "asked_by": pseudonym(Origin.PROVIDER, "the employee's key at the identity provider"),
            "asked": ordinary(HERE, "when it was asked for"),
            "ended": ordinary(HERE, "when it had been done"),
            "counts": plain(HERE, "how many of what"),
            "position": plain(HERE, "how far it has come"),
            "digest": plain(HERE, "SHA-256 of the receipt"),
        },
    ),
    "borgerblik.Done": Declared(
        about=About.NOBODY,
        purpose=Purpose.RUN,
        kept=Rule.STANDING,
        fields={
            "task": plain(HERE, "what the clock calls for"),
            "at": plain(HERE, "when it was last done"),
        },
    ),
    "borgerblik.PolicyVersion": Declared(
        about=About.NOBODY,
        purpose=Purpose.DECIDE,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "version": plain(HERE, "what the decisions are called as they stand now"),
        },
    ),
    "borgerblik.SettingChange": Declared(
        about=About.STAFF,
        purpose=Purpose.ACCOUNT,
        kept=Rule.CHANGES,
        fields={
            "id": plain(HERE, "a number"),
            "authority": plain(HERE, "whose setting it is"),
            "at": ordinary(HERE, "when it was changed"),
            "staff_key": pseudonym(Origin.PROVIDER, "the employee's key at the identity provider"),
            "what": ordinary(AUTHORITY, "which setting"),
            "before": plain(AUTHORITY, "what it was"),
            "after": plain(AUTHORITY, "what it became"),
        },
    ),
    "borgerblik.AccessGrant": Declared(
        about=About.CITIZENS,
        purpose=Purpose.GUARD,
        kept=Rule.LEAVES,
        fields={
            "token_hash": pseudonym(HERE, "SHA-256 of the token that opens the citizen's rows"),
            "citizen": pseudonym(HERE, "whose rows it opens"),
            "actor": pseudonym(HERE, "who reads: the citizen, or a consumer's id"),
            "organisation": ordinary(Origin.CONSUMER, "the organisation that reads"),
            "system": ordinary(Origin.CONSUMER, "the system it reads by"),
            "purpose": ordinary(Origin.CONSUMER, "why, in plain words"),
            "made": ordinary(HERE, "when it was given"),
            "expires": ordinary(HERE, "when it ends"),
        },
    ),
    "borgerblik.AccessEntry": Declared(
        about=About.CITIZENS,
        purpose=Purpose.ACCOUNT,
        kept=Rule.LOG,
        fields={
            "id": plain(HERE, "a number"),
            "at": ordinary(HERE, "when somebody read"),
            "citizen": pseudonym(HERE, "whose data"),
            "actor": pseudonym(HERE, "who: the citizen, a consumer's id, or an employee's key"),
            "organisation": ordinary(Origin.CONSUMER, "which organisation"),
            "system": ordinary(Origin.CONSUMER, "by which system"),
            "what": ordinary(HERE, "which kind of data, never the data"),
            "purpose": ordinary(Origin.CONSUMER, "why"),
        },
    ),
    "borgerblik.AccessBlock": _SEALS,
    "borgerblik.SettingBlock": _SEALS,
    "borgerblik.AccessObjection": Declared(
        about=About.CITIZENS,
        purpose=Purpose.ACCOUNT,
        kept=Rule.LOG,
        fields={
            "id": plain(HERE, "a number"),
            "receipt": pseudonym(HERE, "the receipt's number"),
            "entry": pseudonym(HERE, "the entry of the log that it is about"),
            "citizen": pseudonym(HERE, "whose it is"),
            "municipality": ordinary(Origin.PROVIDER, "where the citizen lived"),
            "reason": ordinary(Origin.CITIZEN, "what is wrong, chosen from a list"),
            "words": confidential(Origin.CITIZEN, "what the citizen wrote about it, CPR numbers masked"),
            "made": ordinary(HERE, "when"),
            "at": ordinary(HERE, "the entry's time"),
            "yours": ordinary(HERE, "whether the entry is of the citizen's own sign-in"),
            "organisation": ordinary(Origin.CONSUMER, "the entry's organisation"),
            "what": ordinary(HERE, "the entry's kind of data"),
            "purpose": ordinary(Origin.CONSUMER, "the entry's purpose"),
            "answer": confidential(AUTHORITY, "what the municipality answered"),
            "answered": ordinary(HERE, "when it answered"),
            "answered_by": pseudonym(Origin.PROVIDER, "the key of the employee who answered"),
        },
    ),
    "borgerblik.ItemReport": Declared(
        about=About.CITIZENS,
        purpose=Purpose.MEND,
        kept=Rule.LOG,
        fields={
            "id": plain(HERE, "a number"),
            "receipt": pseudonym(HERE, "the receipt's number"),
            "citizen": pseudonym(HERE, "whose it is"),
            "kind": ordinary(HERE, "what it is about: a case, a payment, a grant, a plan"),
            "item": pseudonym(HERE, "the record it is about"),
            "part": pseudonym(HERE, "what in a plan it is about, by its id"),
            "part_title": special(HERE, "what that part of the plan said"),
            "owner_cvr": ordinary(HERE, "the authority that owns the record and answers"),
            "kle": special(HERE, "the record's KLE numbers"),
            "fagsystem": ordinary(HERE, "the business system the record came from"),
            "number": pseudonym(HERE, "a case's own number"),
            "day": ordinary(HERE, "when a case was opened, a payment comes, a grant begins"),
            "reason": ordinary(Origin.CITIZEN, "what is wrong, chosen from a list"),
            "words": special(Origin.CITIZEN, "what the citizen wrote about it, CPR numbers masked"),
            "made": ordinary(HERE, "when"),
            "taken": ordinary(HERE, "when somebody began to look at it"),
            "taken_by": pseudonym(Origin.PROVIDER, "the key of the employee who looks at it"),
            "answer": special(AUTHORITY, "what the authority answered"),
            "answered": ordinary(HERE, "when it answered"),
            "answered_by": pseudonym(Origin.PROVIDER, "the key of the employee who answered"),
        },
    ),
    "borgerblik.PowerOfAttorney": Declared(
        about=About.CITIZENS,
        purpose=Purpose.GUARD,
        kept=Rule.LOG,
        fields={
            "id": pseudonym(HERE, "its number"),
            "giver": pseudonym(HERE, "who lets somebody see their pages"),
            "giver_name": ordinary(Origin.PROVIDER, "the giver's name"),
            "giver_given_name": ordinary(Origin.PROVIDER, "the giver's first name"),
            "municipality": ordinary(Origin.PROVIDER, "where the giver lives"),
            "helper": pseudonym(HERE, "who may see them"),
            "helper_name": ordinary(Origin.CITIZEN, "the helper's name: as the giver writes it, then by their sign-in"),
            "areas": ordinary(Origin.CITIZEN, "which areas may be seen"),
            "made": ordinary(HERE, "when it was offered"),
            "code_hash": pseudonym(HERE, "a keyed hash of the code that takes it on, and of the helper's birthday"),
            "offered_until": ordinary(HERE, "until when the code can be used"),
            "accepted": ordinary(HERE, "when it was taken on"),
            "until": ordinary(Origin.CITIZEN, "until when it holds"),
            "ended": ordinary(Origin.CITIZEN, "when it was ended"),
            "ended_by": ordinary(HERE, "by which of the two"),
        },
    ),
    "borgerblik.UsualTime": Declared(
        about=About.NOBODY,  # of at least twenty people, who cannot be told apart
        purpose=Purpose.SHOW,
        kept=Rule.STANDING,  # until the authority's cases are read again
        fields={
            "id": plain(HERE, "a number"),
            "owner_cvr": plain(HERE, "of which authority's cases"),
            "kle": plain(HERE, "of which topic"),
            "year": plain(HERE, "decided in which year"),
            "cases": plain(HERE, "how many cases: twenty at least, of as many people"),
            "low": plain(HERE, "the days that a quarter of them took at most"),
            "high": plain(HERE, "the days that a quarter of them took at least"),
        },
    ),
    "borgerblik.KleEdition": Declared(
        about=About.NOBODY,
        purpose=Purpose.RUN,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "published": plain(KL, "when KL published the edition"),
            "loaded": plain(HERE, "when it was loaded"),
        },
    ),
    "borgerblik.KleTopic": Declared(
        about=About.NOBODY,
        purpose=Purpose.RUN,
        kept=Rule.STANDING,
        fields={
            "id": plain(HERE, "a number"),
            "edition": plain(HERE, "of which edition"),
            "number": plain(KL, "the KLE number"),
            "title": plain(KL, "its official title"),
            "ends": plain(KL, "the year it ends"),
            "deletion": plain(KL, "how long after a case's end its data are to be deleted"),
        },
    ),
}
