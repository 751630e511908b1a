"""Operations with a second file of the conversation."""

from chat_bridge.workflow.operations.combine import comparing, joining, pasting

__all__ = ["comparing", "joining", "pasting"]
