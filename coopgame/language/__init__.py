"""Text, LaTeX, MathML, JavaScript and numbers: everything that turns SymPy into words and back."""
