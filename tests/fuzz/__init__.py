"""Messages broken in every way that can be thought of, by the hundred thousand: ``make fuzz``."""
