"""The facts of the founding servers' wire contract, as rows: who asks what, and what they are told.

`{s}` is a conversation of Ada's with one message and one answer, `{new}` an id nobody has used.
Rows that other files of this folder hold already are not repeated here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
UID = r"[0-9a-f]{16}"
WHOLE = r"[1-9]\d*"
Who = Literal["ada", "charles", "admin", "stranger"]


@dataclass(frozen=True)
class Fact:
    """`told` are values of the answer by their path (`data.uid`), as patterns of their text;
    `keys` are what must be there, by the path of the object that has them."""

    section: str
    says: str
    request: str
    status: int = 200
    error: str = ""
    who: Who = "ada"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.section} {self.says}".replace(" ", "-")


SAID = {"session_id": "{s}", "message": "Good evening"}
ANSWERED = {"session_id": "{s}", "response": "Good evening"}
NEW = {"session_id": "{new}", "message": "Good evening"}
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
MISSING = "Missing required fields"
ACCEPTED = {
    "message": "Message received", "data.message_id": WHOLE, "data.session_id": "{s}",
    "data.uid": UID, "data.timestamp": MOMENT, "data.is_new_user": "False",
}  # fmt: skip
SENT = {
    "message": "Response sent successfully", "data.response_id": WHOLE, "data.session_id": "{s}",
    "data.timestamp": MOMENT,
}  # fmt: skip
ITEMS = "id response timestamp message_id"
PAGE = "total limit offset has_more"

ENTRY = (
    *(
        Fact("1.1", f"POST {entry} is served without a redirect", f"POST {entry}?action=messages",
             body=SAID, told=ACCEPTED)
        for entry in ("/api/v1/", "/api/v1", "/api/v1/index.php", "//api/v1/")
    ),
    *(
        Fact("1.1", f"an agent is served at {entry}", f"POST {entry}?action=outbox",
             who="charles", body=ANSWERED, told=SENT)
        for entry in ("/api/v1", "/api/v1/index.php", "//api/v1/")
    ),
    Fact("1.1", "a doubled base", "GET /api/v1//api/v1/?action=inbox", 404, "Endpoint not found"),
    Fact("1.1", "index.php without an action", "GET /api/v1/index.php", 400,
         "Missing action parameter"),
    Fact("1.1", "no slash, no action", "POST /api/v1", 400, "Missing action parameter", body={}),
    Fact("1.1", "an action in capitals", "GET /api/v1/?action=INBOX", 400, "Invalid action"),
    Fact("1.1", "an action with a blank", "GET /api/v1/?action=inbox%20", 400, "Invalid action"),
    Fact("1.1", "an unknown action with a key", "GET /api/v1/?action=x", 400, "Invalid action",
         who="charles"),
    *(
        Fact("1.1", f"{method} on the entry", f"{method} /api/v1/", 405, "Method not allowed")
        for method in ("PUT", "DELETE", "PATCH")
    ),
    *(
        Fact("1.1", f"a second question mark: {more}",
             f"GET /api/v1/?action=responses?session_id={{s}}{more}",
             keys={"data.responses.0": ITEMS})
        for more in ("", "&since=1999-01-01")
    ),
    Fact("1.1", "a second question mark in a POST", "POST /api/v1/?action=messages?uid=1",
         body=SAID, told=ACCEPTED),
    Fact("1.4", "an alias takes no PUT", "PUT /api/v1/messages", 405, "Method not allowed"),
    Fact("1.4", "an alias takes its own method", "GET /api/v1/outbox", 405, "Method not allowed"),
    Fact("1.4", "messages by alias", "POST /api/v1/messages", body=SAID, told=ACCEPTED),
    Fact("1.4", "outbox by alias", "POST /api/v1/outbox", who="charles", body=ANSWERED, told=SENT),
    Fact("1.4", "responses by alias", "GET /api/v1/responses?session_id={s}",
         keys={"data.responses.0": ITEMS}),
    Fact("1.4", "inbox by alias", "GET /api/v1/inbox?peek=1", who="charles",
         keys={"data.pagination": PAGE}),
    *(
        Fact("1.4", f"{name} by alias wants a key, with a code", f"{method} /api/v1/{name}", 401,
             "Authentication required", told={"code": "401"})
        for method, name in (("GET", "inbox"), ("POST", "outbox"), ("GET", "sessions"),
                             ("POST", "config"), ("POST", "cleanup"))
    ),
)  # fmt: skip

MESSAGES = (
    Fact("1.3.1", "what is answered", "POST /api/v1/?action=messages", body=SAID, told=ACCEPTED),
    Fact("1.3.1", "whoever polled first is new with the first message",
         "POST /api/v1/?action=messages", body=NEW, told={"data.is_new_user": "True"}),
    Fact("1.3.1", "a key is not looked at", "POST /api/v1/?action=messages", body=SAID,
         headers={"Authorization": "Bearer wrong"}, told=ACCEPTED),
    Fact("1.3.1", "a made-up uid counts for nothing", "POST /api/v1/?action=messages",
         body={**SAID, "uid": "ffffffffffffffff"}, told={"data.uid": "(?!f{16})" + UID}),
    *(
        Fact("1.3.1", f"a visitor's clock {clock!r} counts for nothing",
             "POST /api/v1/?action=messages", body={**SAID, "timestamp": clock},
             told={"data.timestamp": r"(?!1999|2999)" + MOMENT})
        for clock in ("1999-01-01T00:00:00Z", "2999-01-01 00:00:00", "zzz", 5, None, {"a": []})
    ),
    *(
        Fact("seed 004", f"the page of the plan says who it shows: {agent!r}",
             "POST /api/v1/?action=messages", body={**NEW, "agent_id": agent},
             told={"data.session_id": "{new}", "data.agent": "default"})
        for agent in ("athena", "Monday", "timbre", 987654)
    ),
    Fact("1.3.1", "the page of PHP", "POST /api/v1/index.php?action=messages", headers=JSON,
         body={**SAID, "timestamp": "2025-08-04T03:08:55.484Z"}, told=ACCEPTED),
    *(
        Fact("1.3.1", f"the body {body}", "POST /api/v1/?action=messages", 400, "Invalid JSON",
             body=body)
        for body in ("[]", "null", "0", '""', "false", "{", "session_id=session_a")
    ),
    *(
        Fact("1.3.1", f"the body {body}", "POST /api/v1/?action=messages", 400, MISSING, body=body)
        for body in ("[1]", '["session_id", "message"]', '"hello"', "42", "true", '{"a": 1}')
    ),
    *(
        Fact("1.3.1", f"missing or blank: {body}", "POST /api/v1/?action=messages", 400, MISSING,
             body=body)
        for body in ({"session_id": None, "message": "hi"}, {"session_id": "", "message": "hi"},
                     {"session_id": "test", "message": " \n\t"}, {"session_id": " ", "message": ""},
                     {"session_id": "session_a", "message": ""})
    ),
    *(
        Fact("1.3.1", f"a message that is {body!r} is no accident", "POST /api/v1/?action=messages",
             400, "message", body={**SAID, "message": body})
        for body in ({"a": 1}, ["hi"], True)
    ),
    Fact("1.3.1", "the id is looked at before the length", "POST /api/v1/?action=messages", 400,
         "Invalid session ID", body={"session_id": "test", "message": "x" * 10_001}),
    Fact("1.3.1", "3000 characters that HTML would spell longer", "POST /api/v1/?action=messages",
         body={**SAID, "message": "<" * 3_000}, told=ACCEPTED),
    Fact("1.3.1", "9000 characters of three bytes", "POST /api/v1/?action=messages",
         body={**SAID, "message": "客" * 9_000}, told=ACCEPTED),
    Fact("1.3.1", "10001 after trimming", "POST /api/v1/?action=messages", 400, "Invalid message",
         body={**SAID, "message": " " + "x" * 10_001 + " "}),
    *(
        Fact("2.10", f"a reserved or unknown {name}", "POST /api/v1/?action=messages&unknown=1",
             body={**SAID, name: value}, told=ACCEPTED)
        for name, value in (("tasks_user_id", 7), ("is_first_contact", True), ("unknown", {}),
                            ("metadata", {"a": 1}), ("format", "text"))
    ),
)  # fmt: skip

RESPONSES = (
    Fact("1.3.4", "what is answered", "GET /api/v1/?action=responses&session_id={s}",
         told={"data.session_id": "{s}", "data.responses.0.timestamp": MOMENT,
               "data.responses.0.id": WHOLE, "data.responses.0.session_id": "{s}",
               "data.responses.0.message_id": "None", "message": "Success"}),
    Fact("1.3.4", "an id nobody has used", "GET /api/v1/?action=responses&session_id={new}",
         told={"data.session_id": "{new}", "data.responses": r"\[\]"}),
    *(
        Fact("1.3.4", f"public, whatever is sent as a key: {key!r}, at {path}", f"GET {path}{name}",
             headers={"Authorization": key}, told={"data.session_id": name})
        for key in ("Bearer", "Bearer no-key", "Basic YTpi", "Bearer agent-key-for-tests")
        for path in ("/api/v1/?action=responses&session_id=", "/chat/api/get_responses?session_id=")
        for name in ("{s}", "{new}")
    ),
    *(
        Fact("1.3.4", f"without an id at {path}", f"GET {path}", 400, "Missing session_id")
        for path in ("/api/v1/responses", "/api/v1/?action=responses&session_id=",
                     "/chat/api/get_responses?session_id=")
    ),
    *(
        Fact("1.3.4", f"an id of another form: {name}",
             f"GET /api/v1/?action=responses&session_id={name}", 400, "Invalid session ID")
        for name in ("invalid_session_id", "session-test", "session_", "test123", "session_%2e",
                     "session_" + "a" * 57, "widget_1763700000000_abc")
    ),
    Fact("1.3.4", "64 characters", "GET /api/v1/?action=responses&session_id=session_" + "b" * 56),
    Fact("4.2", "the founding widget posts to its inbox", "POST /api/v1/?action=inbox", 405,
         "Method not allowed", body=SAID),
    Fact("4.2", "and to responses", "POST /api/v1/?action=responses", 405, "Method not allowed"),
    Fact("4.2", "and to session_response", "POST /api/v1/?action=session_response", 400,
         "Invalid action"),
    Fact("4.4", "a page polls the inbox without a key", "GET /api/v1/?action=inbox&limit=10", 401,
         "Authentication required"),
    Fact("1.7", "send_message", "POST /chat/api/send_message", body=SAID, headers=JSON,
         told={"message": "Success", "data.message_id": WHOLE, "data.uid": UID}),
    Fact("1.7", "get_responses", "GET /chat/api/get_responses?session_id={s}&since=1999-01-01",
         told={"data.session_id": "{s}"}, keys={"data.responses.0": ITEMS}),
    Fact("1.7", "an id of another form", "GET /chat/api/get_responses?session_id=nobody.at-all",
         told={"data.responses": r"\[\]"}),
    *(
        Fact("1.7", f"send_message of {body}", "POST /chat/api/send_message", 400, MISSING,
             headers=JSON, body=body)
        for body in ({"session_id": "a", "message": " "}, {"session_id": "a", "message": None},
                     "[1]")
    ),
)  # fmt: skip
