"""Samples in, cues out: a pacing coach that knows running and no hardware."""

__version__ = "0.1.0"
