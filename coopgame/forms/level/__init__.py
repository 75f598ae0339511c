"""Which levels of co-operation enforce themselves, and where they collapse."""
