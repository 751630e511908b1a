"""Importing this module imports what runs need. Never execute a query here: a process forked
afterwards would hang in Polars' thread pool."""

import orjson
import polars
import python_calamine

from chat_bridge.workflow.tables import guard, reading, reading_csv, reading_xlsx, writing

__all__ = [
    "guard",
    "orjson",
    "polars",
    "python_calamine",
    "reading",
    "reading_csv",
    "reading_xlsx",
    "writing",
]
