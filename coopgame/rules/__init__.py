"""Macro rules: hazards, chains, dated events, and what is estimated from them."""
