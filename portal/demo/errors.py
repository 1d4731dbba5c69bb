"""The demo's one error; its text is a finished sentence for a terminal."""


class DemoError(Exception):
    """The demo cannot start or go on. The message says what happened, what it means and what to do."""
