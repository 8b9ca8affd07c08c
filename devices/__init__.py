"""Hardware in, samples out: devices that know nothing about running."""
