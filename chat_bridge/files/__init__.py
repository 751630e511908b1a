"""Bytes at rest in a local folder: content-addressed blobs, linked into a tree people can read."""

from chat_bridge.files.folder import FolderFiles

__all__ = ["FolderFiles"]
