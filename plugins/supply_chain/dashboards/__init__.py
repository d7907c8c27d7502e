"""Dashboards as code: the files of ``superset/assets``, and their publication in Superset.

``assets`` reads and checks the files, ``bundle`` turns them into what Superset imports, ``publishing`` brings Superset
to what the files say. A chart, dataset or dashboard is known by its path: Superset's ids follow from it.
"""
