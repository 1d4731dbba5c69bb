"""The demo's identity provider: a program of its own that stands where MitID and the municipalities' sign-in would be.

Run it with ``python -m portal.demo.provider``. The protocol is django-oauth-toolkit's; here it only gets people, claims
and a page to choose somebody on. It shares no code with the portal that signs in through it, so that a misreading of
the claims cannot hide by being made twice, and nothing of the portal imports it.

Who can sign in is asked of the mock indexes each time: no CPR number is written down here.
"""
