"""Demand ahead of time, in plain numpy and pandas: no queries, no clock, no chance without a seed.

``presale`` reads running campaigns, ``sales`` weekly sales, ``combine`` adds both up by crop,
grade, delivery week and hub, ``backtest`` says how good the first of them has been.
"""
