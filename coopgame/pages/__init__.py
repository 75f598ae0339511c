"""Pages with sliders: one file each, whole without a network, that works out what Python would."""
