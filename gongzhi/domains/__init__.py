"""One subject's memory each; none imports another."""
