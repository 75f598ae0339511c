"""Exact algebra in symbols: linear and polynomial systems, roots, conditions made simple."""
