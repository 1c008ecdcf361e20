"""Consent, schedule, editors' rights, searchable words, counts and first pages."""
