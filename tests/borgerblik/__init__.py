"""What may be shown, and in which words: the pure rules."""
