"""From an index's bytes to records: the only place that knows the wire's words. Pure: no Django, no I/O, no clock.

``sdi.parse_sdi``, ``yi.parse_yi`` and ``plan.parse_plan`` are the doors; the rest is theirs.
"""
