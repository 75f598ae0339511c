"""Pictures of games and cases: what they show, computed without Matplotlib, and how it is drawn."""
