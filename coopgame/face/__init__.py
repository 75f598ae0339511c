"""The face in Python: what each command does as a function of the same name and the same words."""
