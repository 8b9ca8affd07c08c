"""Tries a policy on a virtual runner who hears the coach and responds. Seeded, so results are repeatable.

(`coach/voice/rehearsal.py` is something else: the phrases a plan will bring, made ready.)
"""
