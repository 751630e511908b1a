"""Every family of operations; importing one registers what it offers."""

from chat_bridge.workflow.operations import columns, convert, normalize, rows

__all__ = ["columns", "convert", "normalize", "rows"]
