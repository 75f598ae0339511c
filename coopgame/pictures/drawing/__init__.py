"""How pictures are drawn: the only place that knows Matplotlib."""
