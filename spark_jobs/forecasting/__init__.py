"""Demand forecasts as plain functions on arrays: nothing but numpy, pandas, scipy and Prophet."""

import logging

# It says at every import that plotly is not there, which nothing here needs.
logging.getLogger("prophet.plot").disabled = True
