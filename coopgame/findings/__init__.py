"""What the paper claims, and what laboratories observed, against the games."""
