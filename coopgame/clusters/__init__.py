"""Channels, ties and collective action composed into a cluster, and the types of cluster."""
