"""The whole site, walked by every role in one synthetic county."""
