"""Benchmarks: speed, memory and exactness, as figures beside their limits. `make bench` runs them all."""
