"""The house rules, each held by a test."""
