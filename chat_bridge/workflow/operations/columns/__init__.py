"""Operations that choose, name and rearrange columns."""

from chat_bridge.workflow.operations.columns import choosing, naming, reshaping

__all__ = ["choosing", "naming", "reshaping"]
