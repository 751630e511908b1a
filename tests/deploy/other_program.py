"""The program that shares the database (spec: bridge 3.3): SQLAlchemy for people, agents and
settings, plain sqlite3 for the chat."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Theirs."""


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str | None]
    is_active: Mapped[bool | None]
    created_at: Mapped[datetime | None]


class Agent(Base):
    __tablename__ = "agents"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    letta_uid: Mapped[str]
    status: Mapped[str | None]
    is_active: Mapped[bool | None]


class SystemConfig(Base):
    __tablename__ = "system_config"
    id: Mapped[int] = mapped_column(primary_key=True)
    config_key: Mapped[str]
    config_value: Mapped[str]
    description: Mapped[str | None]
    updated_at: Mapped[datetime | None]


def reads_and_writes_settings(database: Path, key: str, value: str) -> set[str]:
    """Everybody it knows by name, after one more user, one agent and one changed setting."""
    engine = create_engine(f"sqlite:///{database}")
    now = datetime.now(UTC).replace(tzinfo=None)
    with Session(engine) as session:
        session.add(
            User(
                username=f"user_{value}", email=f"{value}@example.org", password_hash="$2b$12$x",
                role="user", is_active=True, created_at=now,
            )
        )  # fmt: skip
        session.add(Agent(name=f"Agent {value}", letta_uid=value, status="active", is_active=True))
        row = session.scalars(select(SystemConfig).where(SystemConfig.config_key == key)).one()
        row.config_value, row.updated_at = value, now
        session.commit()
        names = {user.username for user in session.scalars(select(User))}
        names |= {agent.name for agent in session.scalars(select(Agent))}
    engine.dispose()
    return names


def reads_and_writes_chat(database: Path, session_id: str, text: str) -> list[str]:
    """What was said in one session, after one more message."""
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute(
            "INSERT INTO web_chat_messages (session_id, message, processed) VALUES (?, ?, 0)",
            (session_id, text),
        )
        rows = connection.execute(
            "SELECT message FROM web_chat_messages WHERE session_id = ? ORDER BY id", (session_id,)
        )
        return [row[0] for row in rows]
