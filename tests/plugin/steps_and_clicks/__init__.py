"""A sample package that adds a device, a workout format, a language and a voice to the coach."""
