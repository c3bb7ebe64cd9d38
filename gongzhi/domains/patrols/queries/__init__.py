"""What can be read of routes and patrols: by who walks, by who plans, as figures."""
