"""`make fuzz`: the property tests with many more examples, for a night rather than a commit."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
