"""Seals of what is only ever added to (``logs``): whoever changes, removes or adds a row later is found out.

``sealing`` makes a block over the rows that no block covers yet; ``verifying`` compares all blocks with their rows and
each other; ``forgetting`` lets old rows go, a block at a time. ``tree`` is the arithmetic, ``ids`` the column that says
which rows a block covers.
"""
