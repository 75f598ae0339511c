"""Reading files: every fault is collected with its place."""
