"""Constrained choice of a mode and its terms."""
