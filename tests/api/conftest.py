from tests.wire.conftest import ada, admin, bridge, charles, session

__all__ = ["ada", "admin", "bridge", "charles", "session"]
