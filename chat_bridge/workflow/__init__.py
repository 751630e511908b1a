"""Commands, plans and the spreadsheet operations they run."""
