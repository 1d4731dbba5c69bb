"""Requests: from bytes to what is searched for, or to the reason why not."""
