"""The command line from a checkout: `python cli.py --help`."""

from coopgame.cli import main

if __name__ == "__main__":
    main(prog_name="coopgame")
