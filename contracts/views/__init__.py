"""Pages of plans and contracts."""
