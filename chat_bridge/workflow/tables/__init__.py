"""Spreadsheets as lazy frames of text: what is refused, how they are read and written."""
