"""Replenishment: from demand forecasts and stock to what to order, and when.

``runs`` writes down what is asked for and by which forecast, ``planning`` makes the plan, ``receipts`` lets simulated
orders arrive. The formulas stand where they are computed: ``demand``, ``lead_times``, ``ordering``, ``projection``,
``classes``.
"""
