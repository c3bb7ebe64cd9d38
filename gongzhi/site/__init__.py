"""The top floor: settings, addresses, the command line, start and stop."""
