"""Promises that only show at size. Each file runs by its own name: ``pytest tests/large/large_clock.py``."""
