"""An emulator of Stripe for development, tests and the demo: stdlib only, on 127.0.0.1 only.

``__main__`` starts it, ``testing.running`` starts it inside a test. A request goes ``server`` >
``api`` (keys, idempotency, faults) > ``routes`` > one of the modules of ``resources``; buyers see
``hosted``; ``webhooks`` tells the platform. It is never loaded in production.
"""

API_VERSION = "2026-10-28.endive"
