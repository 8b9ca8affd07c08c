"""Tries a policy on a virtual runner who hears the coach and responds. Seeded, so results are repeatable."""
