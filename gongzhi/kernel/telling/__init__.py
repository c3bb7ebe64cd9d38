"""Telling people: the staff's inbox, how each wants to be told, and what goes out through the gateways, and when."""
