"""The one error of the embedded servers; its text is a finished sentence for a terminal."""


class EmbeddedError(Exception):
    """A server from a wheel cannot run here. The message says what happened, what it means and what to do."""
