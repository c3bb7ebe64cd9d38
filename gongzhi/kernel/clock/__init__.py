"""Time: working days, terms and when they end, how a deadline is said. Nothing here asks what time it is."""
