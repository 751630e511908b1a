"""Operations with a second file of the conversation."""

from chat_bridge.workflow.operations.combine import joining, pasting

__all__ = ["joining", "pasting"]
