"""How each form of game is solved: the algorithms behind `forms/`, one folder a form."""
