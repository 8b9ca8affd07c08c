"""Sends runs to a service, each exactly once: a queue on disk, and a look at the server before every retry."""
