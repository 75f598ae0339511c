"""Choosing among equilibria: criteria of selection, as regions of the parameter space."""
