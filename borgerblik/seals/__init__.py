"""Seals of the access log: whoever changes, removes or adds an entry later is found out.

``sealing`` makes a block over the entries that no block covers yet; ``verifying`` compares all blocks with their
entries and each other; ``forgetting`` lets old entries go, a block at a time. ``tree`` is the arithmetic, ``ids`` the
column that says which entries a block covers.
"""
