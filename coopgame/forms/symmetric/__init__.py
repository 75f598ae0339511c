"""Identical players: how many co-operate, and with what chance."""
