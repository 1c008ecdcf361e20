"""The plan of supply contracts, in plain Python: arrays in, a frozen plan out. No Django here."""
