"""What Prometheus is told: of the pages by ``views``, of the database and the queues by ``wsgi`` (docs/adr/0023).

``kept`` is where the pages' processes keep their counts together, ``pages`` counts each answer, ``room`` asks the
database and ``queues`` the broker when somebody scrapes, ``door`` says who may. Nothing here tells of a person: labels
are routes, sources, authorities, reasons.
"""
