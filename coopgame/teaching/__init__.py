"""The argument of a game for a class, and exercises with their key."""
