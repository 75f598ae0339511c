"""Global sensitivity: how much of an outcome's variance each parameter accounts for."""
