"""Games drawn at random, whole files of every form, and what must hold of each.

`python -m tests.generate --form level --count 2000 --seed 0` draws and tries them without pytest;
`tests/test_generated.py` tries a few in the ordinary run. The oracles (`oracles/`) work from the
text of a file with arithmetic of their own, and share no algorithm with coopgame.
"""
