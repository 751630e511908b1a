"""The facts of the contract, go on: what agents and administrators are told."""

from tests.wire.facts import (
    ANSWERED,
    ITEMS,
    JSON,
    MISSING,
    MOMENT,
    PAGE,
    SENT,
    TEXT,
    UID,
    WHOLE,
    Fact,
)

PLUGIN = {"User-Agent": "Broca2-WebChat-Plugin/1.0", **JSON}
NO_KEY, WRONG_KEY, WRONG_ADMIN = (
    "Authentication required", "Invalid API key", "Invalid admin key",
)  # fmt: skip
PUBLISHED = ("ObeyG1ant", "FreeUkra1ne", "free0ps", "your-secret-key-here", "dev-secret-key")
OVERVIEW = "id uid created_at last_active ip_address metadata"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


INBOX = (
    Fact("1.3.2", "an item", "GET /api/v1/?action=inbox&peek=1&limit=100", who="charles",
         keys={"data.pagination": PAGE, "data.messages.0": "id session_id message timestamp uid"},
         told={"data.messages.0.timestamp": MOMENT, "data.messages.0.uid": UID,
               "data.messages.0.id": WHOLE, "message": "Success"}),
    Fact("1.3.2", "the admin key, by action", "GET /api/v1/?action=inbox&peek=1", who="admin"),
    Fact("1.3.2", "the admin key, by alias", "GET /api/v1/inbox?peek=1", who="admin"),
    Fact("1.3.2", "another key, before the numbers", "GET /api/v1/?action=inbox&limit=abc", 401,
         WRONG_KEY, who="stranger", told={"code": "401"}),
    *(
        Fact("1.3.2", f"the scheme {scheme!r}", "GET /api/v1/?action=inbox", 401, NO_KEY,
             headers={"Authorization": f"{scheme}agent-key-for-tests"})
        for scheme in ("bearer ", "BEARER ", "Bearer", "Bearer:", "ApiKey ")
    ),
    Fact("1.3.2", "two blanks", "GET /api/v1/?action=inbox", 401, WRONG_KEY,
         headers=bearer(" agent-key-for-tests")),
    Fact("1.3.2", "a key in the query is none",
         "GET /api/v1/?action=inbox&api_key=agent-key-for-tests", 401, NO_KEY),
    *(
        Fact("1.3.2", f"limit={given} offset={offset}",
             f"GET /api/v1/?action=inbox&peek=1&limit={given}&offset={offset}", who="charles",
             told={"data.pagination.limit": taken, "data.pagination.offset": "0"})
        for given, offset, taken in (("abc", "x", "50"), ("", "", "50"), ("101", "-1", "100"),
                                     ("1.5", "1e9", "50"), ("-1", "99999999999999999999", "1"),
                                     ("7", "0", "7"), ("0", "0", "0"))
    ),
    Fact("1.3.2", "limit=0 is an empty page that takes nothing",
         "GET /api/v1/?action=inbox&limit=0", who="charles",
         told={"data.messages": r"\[\]", "data.pagination.has_more": "True"}),
    Fact("2.10", "an unknown parameter", "GET /api/v1/?action=inbox&peek=1&colour=red",
         who="charles"),
    Fact("4.1.3", "the probe of the plugin", "GET /api/v1/?action=inbox&limit=1&offset=0",
         who="charles", headers=PLUGIN, told={"data.messages": r"\[\]", "success": "True"}),
    Fact("4.1.3", "the answer of the plugin", "POST /api/v1/?action=outbox", who="charles",
         body=ANSWERED, headers=PLUGIN, told={**SENT, "success": "True"}),
    Fact("4.1.4", "an error of the plugin's is in `message`, too", "GET /api/v1/?action=inbox", 401,
         WRONG_KEY, who="stranger", headers=PLUGIN, told={"message": WRONG_KEY}),
    *(
        Fact("6.1", f"the published key {key} opens nothing: {action}",
             f"GET /api/v1/?action={action}", 401, error, headers=bearer(key))
        for key in PUBLISHED
        for action, error in (("inbox", WRONG_KEY), ("config", WRONG_ADMIN))
    ),
)  # fmt: skip

OUTBOX = (
    Fact("1.3.3", "what is answered", "POST /api/v1/?action=outbox", who="charles", body=ANSWERED,
         told=SENT),
    Fact("1.3.3", "the admin key, by action", "POST /api/v1/?action=outbox", who="admin",
         body=ANSWERED, told=SENT),
    Fact("1.3.3", "no key", "POST /api/v1/?action=outbox", 401, NO_KEY, body=ANSWERED),
    Fact("1.3.3", "another key", "POST /api/v1/?action=outbox", 401, WRONG_KEY, who="stranger",
         body=ANSWERED),
    *(
        Fact("1.3.3", f"a message_id that is {given!r}", "POST /api/v1/?action=outbox",
             who="charles", body={**ANSWERED, "message_id": given}, told=SENT)
        for given in (999_999, "999999", "abc", 0, None, 1.0, 1.5, 1e300, -7)
    ),
    Fact("1.3.3", "a timestamp of its own counts for nothing", "POST /api/v1/?action=outbox",
         who="charles", body={**ANSWERED, "timestamp": "1999-01-01T00:00:00Z"},
         told={"data.timestamp": "(?!1999)" + MOMENT}),
    *(
        Fact("1.3.3", f"{length} characters", "POST /api/v1/?action=outbox", who="charles",
             body={**ANSWERED, "response": "客" * length}, told=SENT)
        for length in (10_001, 12_000, 300_000)
    ),
    *(
        Fact("1.3.3", f"the body {body!r}", "POST /api/v1/?action=outbox", 400, MISSING,
             who="charles", body=body)
        for body in ("{}", "[1]", '"hello"', {"session_id": "{s}", "response": ""},
                     {"session_id": "{s}", "response": None}, {"response": "x"},
                     {"session_id": " ", "response": "x"})
    ),
    *(
        Fact("1.3.3", f"the body {body!r}", "POST /api/v1/?action=outbox", 400, "Invalid JSON",
             who="charles", body=body)
        for body in ("", "{", "null", "[]")
    ),
    Fact("1.3.3", "a conversation that never was", "POST /api/v1/?action=outbox", 400,
         "Invalid session", who="charles", body={**ANSWERED, "session_id": "{new}"}),
    *(
        Fact("1.3.3", f"no conversation, and an id of another form: {name}",
             "POST /api/v1/?action=outbox", 400, "Invalid session ID", who="charles",
             body={**ANSWERED, "session_id": name})
        for name in ("invalid_session_id", "test", "session_", "session-test", "<b>")
    ),
)  # fmt: skip

ADMIN = (
    Fact("1.3.5", "a page of sessions", "GET /api/v1/?action=sessions", who="admin",
         told={"message": "Success", "data.pagination.limit": "50", "data.pagination.offset": "0",
               "data.sessions.0.created_at": MOMENT, "data.sessions.0.last_active": MOMENT,
               "data.sessions.0.uid": UID, "data.sessions.0.metadata": r"\{\}"},
         keys={"data.pagination": PAGE,
               "data.sessions.0": OVERVIEW + " message_count response_count"}),
    *(
        Fact("1.3.5", f"{query} is tolerated", f"GET /api/v1/?action=sessions&{query}", who="admin",
             told={"data.pagination.limit": limit, "data.pagination.offset": offset})
        for query, limit, offset in (("limit=500", "100", "0"), ("limit=-5&offset=-5", "1", "0"),
                                     ("limit=x&offset=y", "50", "0"), ("offset=3", "50", "3"),
                                     ("active=false", "50", "0"), ("active=maybe", "50", "0"))
    ),
    *(
        Fact("1.3.5", f"wrong method on {name}", f"{method} /api/v1/?action={name}", 405,
             "Method not allowed", who="admin", body={} if method == "POST" else None)
        for method, name in (("POST", "sessions"), ("POST", "session_messages"), ("PUT", "config"),
                             ("DELETE", "config"), ("GET", "cleanup"), ("GET", "clear_data"),
                             ("GET", "cleanup_logs"))
    ),
    Fact("1.3.6", "by action", "GET /api/v1/?action=session_messages&session_id={s}", who="admin",
         told={"message": "Session messages retrieved", "data.session.id": "{s}",
               "data.messages.0.timestamp": MOMENT, "data.responses.0.timestamp": MOMENT},
         keys={"data.session": OVERVIEW, "data.messages.0": "id session_id message timestamp",
               "data.responses.0": ITEMS + " session_id"}),
    Fact("1.3.6", "of the admin page", "GET /admin/api/session_messages?session_id={s}",
         who="admin", told={"message": "Success", "data.session.id": "{s}"},
         keys={"data.session": OVERVIEW, "data.messages.0": "id message timestamp",
               "data.responses.0": ITEMS}),
    Fact("1.3.6", "of nobody", "GET /api/v1/?action=session_messages&session_id={new}", 404,
         "Session not found", who="admin"),
    Fact("1.3.7", "what is shown", "GET /api/v1/?action=config", who="admin",
         told={"data.session_timeout": "86400", "data.api_key": r"\*+", "data.admin_key": r"\*+"}),
    Fact("1.3.7", "keys written back as they are shown", "POST /api/v1/?action=config", who="admin",
         body={"api_key": "********", "admin_key": "********"},
         told={"data.message": "Configuration updated successfully", "message": "Success"}),
    Fact("1.3.7", "an empty admin key would lock everybody out", "POST /api/v1/?action=config", 400,
         "admin_key", who="admin", body={"admin_key": ""}),
    *(
        Fact("1.3.7", f"the founding setting {name} is kept", "POST /api/v1/?action=config",
             who="admin", body={name: value})
        for name, value in (("debug_mode", "false"), ("cleanup_probability", "0.1"),
                            ("log_retention_days", 30), ("max_sessions_per_ip", 10))
    ),
    Fact("1.3.8", "cleanup", "POST /api/v1/?action=cleanup", who="admin",
         told={"data.cleaned_count": r"\d+", "message": "Success",
               "data.message": r"Cleaned up \d+ inactive sessions"}),
    Fact("1.3.10", "cleanup_logs", "POST /admin/api/cleanup_logs", who="admin",
         told={"message": "Success", "data.retention_days": "30"},
         keys={"data": "message current_log_size_mb backup_files_count total_log_size_mb"
                       " retention_days max_size_mb"}),
    *(
        Fact("1.8", f"{name} with a code for strangers", f"{method} /admin/api/{name}", 401, error,
             who=who, told={"code": "401"})
        for method, name in (("GET", "sessions"), ("GET", "session_messages"), ("GET", "config"),
                             ("POST", "cleanup"), ("POST", "clear_data"), ("POST", "cleanup_logs"))
        for who, error in (("ada", NO_KEY), ("stranger", WRONG_ADMIN), ("charles", WRONG_ADMIN))
    ),
    Fact("1.8", "a text is no settings, but first comes the key", "POST /admin/api/config", 401,
         NO_KEY, headers=TEXT, body="a=b"),
    *(
        Fact("1.8", f"{path} tolerates bad numbers", f"GET {path}?limit=x&offset=-1", who="admin",
             told={"message": "Success", "data.pagination.limit": "50"})
        for path in ("/admin/api/sessions", "/api/v1/sessions")
    ),
)  # fmt: skip
