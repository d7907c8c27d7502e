"""Demand forecasts, seen from outside the job that computes them: what is asked for, and what became of it."""
