"""A virtual runner who hears a coach and answers: what a policy is worth, before anybody runs it. Seeded, so always the same.

(`coach/voice/rehearsal.py` is something else: the phrases a plan will bring, made ready.)
"""
