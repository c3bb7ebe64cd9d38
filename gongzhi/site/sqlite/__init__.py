"""SQLite as the embedded default: one writer at a time, served in the order of asking."""
