"""A Saturday at a shop that runs the bridge: who asked what, who waits, what went wrong."""

import sqlite3
import time
from contextlib import closing
from typing import Any

from chat_bridge.client import Client, InboxMessage
from tests import people
from tests.journeys.customers import JOINED, text
from tests.servers import RunningBridge

SILENT = "The order system did not answer within 10 s"
UNKNOWN = "No customer has the number 48-1139"
ATTEMPTS = 5
SECONDS = 20.0
STAFF = {"ana": "admin", "grace": "operator", "olga": "operator", "ben": "viewer",
         "wanda": "user", "zoe": "user"}  # fmt: skip
NAMES = ("Ada Lovelace", "Grace Hopper", "Zoë O'Neil", "Łukasz Żółw", "Nguyễn Thị Hoa")
CITIES = ("Berlin", "Recife", "Hà Nội", "Zürich", "Lyon")
CUSTOMERS = text([
    (f"{n:05}", NAMES[n % 5], CITIES[n % 4], f"Customer{n}@Example.org ", JOINED[n % 4],
     f"{n * 7919:08}", "") for n in range(1, 813)
])  # fmt: skip
ANSWERED = (
    (410, "Thank you, it arrived!", "Good to hear. Have a nice weekend!"),
    (300, "Is the shop open on Monday?", "Yes, from 9:00 to 18:00."),
    (140, "Please change the address of 47-980 to 12 Elm Road.", "Done, it goes to 12 Elm Road."),
    (95, "Which battery fits the 2019 model?", "The B-12; three are left."),
)
TALK = (
    (63, "Where is order 48-113? It said Monday.",
     "It left our stock on **Thursday**; the carrier has had it since.\n\n"
     "| day | place |\n|---|---|\n| Thursday | Hamburg |\n| Friday | Berlin, sorting |"),
    (58, "The carrier's page says “label lost”. Can you send another one?",
     "I asked the people at the desk; somebody will answer here."),
)  # fmt: skip
LAST = "Anyone there? I need it for Tuesday."
JOBS = (
    (33, "customers.csv", "/search city=Berlin | normalize email=email_format"),
    (21, "orders-july.csv", "/search town=Berlin"),
    (6, "customers.csv", "/extract columns=name,email | dedupe by=email | to-xlsx"),
)
DEAD = (("Is 48-090 on its way?", SILENT), ("Please cancel 48-101", SILENT),
        ("Where is order 48-1139?", UNKNOWN))  # fmt: skip
BUSY = (3, 2, 1, 1, 0, 0, 1, 2, 4, 7, 9, 11, 8, 6, 7, 10, 12, 9, 5, 4, 6, 3, 2)
TIMES = {
    "web_chat_sessions": ("created_at", "updated_at", "last_activity"),
    "web_chat_messages": ("timestamp", "stamped_at"),
    "web_chat_responses": ("timestamp", "stamped_at"),
    "events": ("created_at",),
    "jobs": ("created_at", "started_at", "finished_at"),
    "attachments": ("created_at",),
}
TITLES = ("Which cable do I need?", "Return of order 46-771", "Is it in stock in Lyon?",
          "Invoice with VAT number", "The parcel is damaged")  # fmt: skip
HOUR = """
INSERT INTO web_chat_sessions (session_id, chat_id, uid, title, status, is_active, agent_id,
    created_at, updated_at, last_activity)
SELECT :session, :session, :uid, :title, 'ended', 0, 2, at, at, at FROM
    (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', :ago) AS at)
"""
QUESTION = """
INSERT INTO web_chat_messages (session_id, message, timestamp, stamped_at, state, processed, uid)
SELECT :session, :title, at, at, 'done', 1, :uid FROM
    (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', :ago) AS at)
"""
AGENT = "INSERT INTO agents (slug, name, description, status) VALUES (:slug, :name, :what, :status)"
UNDER_WAY = "SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')"


class Day:
    """What happened is said over the wire, oldest first; then its times are moved back."""

    def __init__(self, bridge: RunningBridge) -> None:
        self.bridge = bridge
        self.visitor, self.agent = Client(bridge.url), Client(bridge.url, bridge.agent_key)
        self.hoa = ""

    def begin(self) -> "Day":
        for name, role in STAFF.items():
            people.add(self.bridge, name, role)
        self._run("UPDATE users SET is_active = 0 WHERE username = 'zoe'")
        self._run("UPDATE users SET must_change_password = 1 WHERE username = 'wanda'")
        what = "Knows every order and its parcel"
        self._run(AGENT, slug="orders", name="Orders", what=what, status="active")
        what = "Labels and refunds; learning until May"
        self._run(AGENT, slug="returns", name="Returns", what=what, status="inactive")
        self._conversations()
        self.visitor.close()
        self.agent.close()
        return self

    def _conversations(self) -> None:
        self._yesterday()
        for minutes, question, answer in ANSWERED:
            self._earlier(self._answered(self._open(), question, answer), minutes)
        self.hoa = self._open()
        for number, (minutes, question, answer) in enumerate(TALK):
            self._answered(self.hoa, question, answer)
            later = TALK[number + 1][0] if number + 1 < len(TALK) else 12
            self._earlier(self.hoa, minutes - later)
        for question, reason in DEAD:
            self._earlier(self._given_up(question, reason), 44)
        for minutes, name, command in JOBS:
            self._earlier(self._job(name, command), minutes)
        self._earlier(self._ask("My voucher SPRING-20 is refused although it is valid."), 26)
        self._ask(LAST, self.hoa)
        self._earlier(self.hoa, 12)
        self._earlier(self._ask("Do the blue lamps come with a Swiss plug?"), 9)
        self._earlier(self._ask("Can I get the invoice of July as CSV instead of PDF?"), 4)

    def _run(self, statement: str, **values: object) -> Any:
        with closing(sqlite3.connect(self.bridge.data_dir / "bridge.db", timeout=10)) as database:
            found = database.execute(statement, values).fetchone()
            database.commit()
        return found

    def _earlier(self, session: str, minutes: float) -> None:
        for table, columns in TIMES.items():
            moved = ", ".join(
                f"{one} = strftime('%Y-%m-%dT%H:%M:%fZ', {one}, :by)" for one in columns
            )
            statement = f"UPDATE {table} SET {moved} WHERE session_id = :session"
            self._run(statement, session=session, by=f"-{minutes} minutes")

    def _open(self, agent: str = "default") -> str:
        return self.visitor.open_session(agent).session_id

    def _ask(self, question: str, session: str = "") -> str:
        session = session or self._open()
        self.visitor.send(session, question)
        return session

    def _take(self) -> InboxMessage:
        (message,) = self.agent.inbox(wait=5)
        return message

    def _answered(self, session: str, question: str, answer: str) -> str:
        self._ask(question, session)
        self.agent.reply(self._take(), answer)
        return session

    def _given_up(self, question: str, reason: str) -> str:
        session = self._ask(question)
        for _ in range(ATTEMPTS):
            self.agent.nack(self._take(), reason=reason)
        return session

    def _job(self, name: str, command: str) -> str:
        session = self._open("sheets")
        path = self.bridge.data_dir.parent / name
        path.write_bytes(CUSTOMERS)
        self.visitor.send_file(session, path)
        self.visitor.send(session, command, attachments=[name])
        deadline = time.monotonic() + SECONDS
        while self._run(UNDER_WAY)[0] and time.monotonic() < deadline:
            time.sleep(0.05)
        return session

    def _yesterday(self) -> None:
        for hour, count in enumerate(BUSY, start=1):
            title, uid = TITLES[hour % len(TITLES)], f"{hour * 7919:016x}"
            said = {"session": f"session_hour_{hour}", "title": title, "uid": uid}
            for at in range(count):
                ago = f"-{hour * 60 + at * 4} minutes"
                if at == 0:
                    self._run(HOUR, ago=ago, **said)
                self._run(QUESTION, ago=ago, **said)
