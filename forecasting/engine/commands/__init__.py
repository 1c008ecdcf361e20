"""One module a command of ``python -m forecasting.engine``; see ``forecasting.engine.__main__``."""
