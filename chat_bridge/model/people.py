"""Who takes part: agents, keys, visitors and their sessions."""

from dataclasses import dataclass

ROLES = ("user", "viewer", "operator", "admin")  # each may do what the ones before it may
HOLDERS = "keys"  # everybody with an API key, where it is said whose account has ended
INACTIVE = "inactive"  # the status of an agent that nobody may choose
NOWHERE = "@users.invalid"  # ends the address of whoever has none where another program needs one


@dataclass(frozen=True)
class Agent:
    id: int
    slug: str
    name: str
    description: str
    built_in: bool
    status: str
    last_polled_at: str | None
    polled_until: int = 0
    polled_boot: str | None = None
    visible_to_users: tuple[str, ...] = ()
    visible_to_roles: tuple[str, ...] = ()
    letta_uid: str | None = None  # what a program that shares the table calls it

    @property
    def active(self) -> bool:
        """Any other status is words for people."""
        return self.status != INACTIVE

    def visible_to(self, person: "Person | None") -> bool:
        """Whom it may be offered to: everybody, or whom its lists name by id, name or role."""
        if not self.active:
            return False
        if not self.visible_to_users and not self.visible_to_roles:
            return True
        if person is None:
            return False
        named = {str(person.id), person.username} & set(self.visible_to_users)
        return bool(named) or person.role in self.visible_to_roles


@dataclass(frozen=True)
class Key:
    """An authenticated API key; `agent_id` None means every agent. The secret is never kept."""

    id: int
    name: str
    prefix: str
    key_hash: str
    scopes: frozenset[str]
    agent_id: int | None
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None

    @property
    def consumer(self) -> str:
        return f"key:{self.id}"

    @property
    def actor(self) -> str:
        """What the audit log calls its holder."""
        return f"key {self.prefix} ({self.name})"

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True)
class Person:
    """Somebody with an account. A role of another program that we do not know is a user's."""

    id: int
    username: str
    email: str | None
    role: str
    permissions: tuple[str, ...]
    is_active: bool
    must_change_password: bool
    failed_sign_ins: int
    last_login: str | None
    created_at: str
    updated_at: str

    @property
    def actor(self) -> str:
        """What the audit log calls them."""
        return f"user {self.username}"

    @property
    def who(self) -> str:
        """What a wake-up calls them."""
        return f"user:{self.id}"

    @property
    def staff(self) -> bool:
        return self.may("viewer")

    def may(self, role: str) -> bool:
        """Whether they may do whatever that role may."""
        rank = ROLES.index(self.role) if self.role in ROLES else 0
        return rank >= ROLES.index(role)


@dataclass(frozen=True)
class Login:
    """One browser in which somebody is signed in; its token is never kept."""

    id: str
    user_id: int
    created_at: str
    expires_at: str
    last_used_at: str | None
    ip_address: str | None
    user_agent: str | None


@dataclass(frozen=True)
class SignedIn:
    """Who calls, in which sign-in; `csrf` goes into every form of theirs."""

    person: Person
    login: Login
    csrf: str


@dataclass(frozen=True)
class Visitor:
    """Whoever calls as a visitor: the secret they presented, if any, where from, and who they
    are, if they signed in."""

    secret: str | None = None
    by_cookie: bool = False
    ip: str | None = None
    user_agent: str | None = None
    person: Person | None = None


@dataclass(frozen=True)
class Session:
    id: int
    session_id: str
    chat_id: str
    uid: str
    token_hash: str | None
    bound: bool
    agent_id: int | None
    title: str | None
    status: str
    partition_key: str
    created_at: str
    last_activity: str
    user_id: int | None = None
    from_page: bool = False


@dataclass(frozen=True)
class SessionOverview:
    """A session as whoever administers the bridge sees it; `metadata` is JSON as stored."""

    id: int
    session_id: str
    chat_id: str
    uid: str
    agent_id: int | None
    title: str | None
    status: str
    created_at: str
    last_activity: str
    ip_address: str | None
    user_agent: str | None
    metadata: str
    message_count: int
    response_count: int
