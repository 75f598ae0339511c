"""The engine under the tables: solutions compiled once, evaluated block by block."""
