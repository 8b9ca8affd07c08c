"""How pacing changes from run to run: what each run measures, how two halves of the runs compare, and what to train next."""
