"""Benchmarks: peers measured in the same run, ratios printed."""
