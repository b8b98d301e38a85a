"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# The same examples on every run: a gate must not fail by luck. Look for new ones with HYPOTHESIS_PROFILE=explore.
settings.register_profile(
    "gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
settings.register_profile(
    "explore", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

# A test must see what the code does now, not what a run before it did; tests/test_cache.py is about kept results.
os.environ.setdefault("TARECHECK_NO_CACHE", "1")
