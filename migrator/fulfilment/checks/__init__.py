"""What our engineers check and install: the lists before set-up and of the result, and plug-ins. See `rules.py`."""
