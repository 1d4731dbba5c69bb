"""PostgreSQL and Valkey from wheels, for the demo, the tests and the measurements (docs/adr/0002).

``postgres`` and ``valkey`` are the two servers and ``server`` what they share, ``home`` is where their files live and
who owns them, ``program`` and ``leash`` start programs that never outlive their starter, ``clean`` removes everything
again. Nothing here knows Django.
"""
