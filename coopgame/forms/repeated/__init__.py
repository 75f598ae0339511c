"""Automata, their values, deviations and payoff sets."""
