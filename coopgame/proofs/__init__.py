"""Questions decided by proof, and conditions made readable by it: the only room that knows Z3."""
