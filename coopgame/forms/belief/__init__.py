"""What the form `belief` needs beside its game."""
