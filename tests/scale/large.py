"""Which tables grow with the number of citizens, and what each of them is kept apart by (docs/scaling.md).

Every other table is small: what operators and municipalities decide, counts an hour, plans of readings. A new table
belongs to one of these lists.
"""

from typing import Final

# Table -> its column that says whose the row is, with which every key begins: a row of theirs is found on one machine.
BY_CITIZEN: Final = {
    "indexes_case": "citizen_id",
    "indexes_grant": "citizen_id",
    "indexes_payment": "citizen_id",
    "indexes_plan": "citizen_id",
}

# Large, and not kept apart by citizen; with the reason.
WHOLE: Final = {
    "indexes_citizen": "a citizen is found by the fingerprint of their number, before anybody knows their id",
    "indexes_tombstone": "a deletion does not say whose record it was; it is kept for a short time",
    "indexes_eventtaken": "a message is known by its own id, before it is read; it is kept for a short time",
    "indexes_quarantined": "a message that cannot be read does not say whom it is about",
    "borgerblik_accessentry": "sealed in the order of its number, over all citizens; of strangers too, who have no id",
    "borgerblik_accessgrant": "found by the hash of a token that does not say whose it is; gone with the visit",
    "django_session": "found by its key alone; gone with the visit",
    "oauth2_provider_accesstoken": "a consumer's; found by its checksum alone, gone within the hour",
}

# Of a citizen, and of few citizens: those who have written to us or asked for something.
OF_FEW: Final = {
    "borgerblik_powerofattorney": "of those who have a helper",
    "borgerblik_itemreport": "of those who have reported a mistake",
    "borgerblik_accessobjection": "of those who have asked about an entry of their log",
}
