"""The page on a phone: a small server in its own thread shows the run and takes its keys, safe on a network of strangers."""
