"""Pages of payments: the buyer's, the staff's, and where the provider reports."""
