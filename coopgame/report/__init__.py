"""How answers are shown: text, CSV, JSON and the other formats."""
