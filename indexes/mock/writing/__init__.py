"""Answers: objects as the indexes write them, put together from text."""
