"""Everything in the database, on SQLite."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from chat_bridge.store.agents import AgentRows
from chat_bridge.store.attachments import AttachmentRows
from chat_bridge.store.audit import AuditRows
from chat_bridge.store.calls import CallRows
from chat_bridge.store.canned import CannedRows
from chat_bridge.store.connection import Database
from chat_bridge.store.console import ConsoleRows
from chat_bridge.store.dead_letters import DeadRows
from chat_bridge.store.desk import DeskRows
from chat_bridge.store.events import EventRows
from chat_bridge.store.figures import FigureRows
from chat_bridge.store.forms import FormRows
from chat_bridge.store.imports import ImportRows
from chat_bridge.store.inbox import InboxRows
from chat_bridge.store.jobs import JobRows
from chat_bridge.store.keys import KeyRows
from chat_bridge.store.logins import LoginRows
from chat_bridge.store.messages import MessageRows
from chat_bridge.store.overview import OverviewRows
from chat_bridge.store.people import PeopleRows
from chat_bridge.store.pipelines import PipelineRows
from chat_bridge.store.processes import ProcessRows
from chat_bridge.store.queries import Queries
from chat_bridge.store.records import RecordRows
from chat_bridge.store.redactions import RedactionRows
from chat_bridge.store.responses import ResponseRows
from chat_bridge.store.sessions import SessionRows
from chat_bridge.store.settings import SettingRows
from chat_bridge.store.streams import StreamRows
from chat_bridge.store.tags import TagRows
from chat_bridge.store.views import ViewRows


class SqliteStore:
    """Open it after a fork; each thread gets its own connection."""

    def __init__(self, path: Path, queries: Path, on_commit: Callable[[], None]) -> None:
        self.database = Database(path, on_commit=on_commit)
        sql = Queries(queries, self.database)
        self.sessions = SessionRows(sql)
        self.messages = MessageRows(sql)
        self.inbox = InboxRows(sql)
        self.responses = ResponseRows(sql)
        self.streams = StreamRows(sql)
        self.events = EventRows(sql, self.database)
        self.jobs = JobRows(sql, self.database)
        self.attachments = AttachmentRows(sql)
        self.calls = CallRows(sql)
        self.pipelines = PipelineRows(sql)
        self.agents = AgentRows(sql)
        self.keys = KeyRows(sql)
        self.settings = SettingRows(sql)
        self.audit = AuditRows(sql)
        self.imports = ImportRows(sql)
        self.dead = DeadRows(sql)
        self.records = RecordRows(sql)
        self.processes = ProcessRows(sql)
        self.people = PeopleRows(sql)
        self.logins = LoginRows(sql)
        self.figures = FigureRows(sql, self.database)
        self.desk = DeskRows(sql)
        self.canned = CannedRows(sql)
        self.tags = TagRows(sql)
        self.views = ViewRows(sql)
        self.console = ConsoleRows(sql)
        self.overview = OverviewRows(sql)
        self.forms = FormRows(sql)
        self.redactions = RedactionRows(sql)

    def write(self) -> AbstractContextManager[None]:
        return self.database.write()

    def snapshot(self) -> AbstractContextManager[None]:
        return self.database.snapshot()

    def ping(self) -> None:
        self.database.ping()

    def version(self) -> str:
        return sqlite3.sqlite_version
