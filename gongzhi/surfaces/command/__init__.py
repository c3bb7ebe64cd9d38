"""The command centre: an area at a glance, every figure opening to its list, for those who send and decide."""
