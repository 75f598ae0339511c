"""Comparative statics: which way outcomes move, proved or refuted."""
