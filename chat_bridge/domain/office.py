"""What the people of the staff work with, beside what visitors and agents have."""

from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.domain.canned import CannedReplies
from chat_bridge.domain.desk import Desk
from chat_bridge.domain.forms import Forms
from chat_bridge.domain.health import Health
from chat_bridge.domain.looks import Looks
from chat_bridge.domain.outbox import Outbox
from chat_bridge.domain.overview import Overview
from chat_bridge.domain.redaction import Redaction
from chat_bridge.domain.tags import Tags
from chat_bridge.domain.timeline import Timeline
from chat_bridge.domain.views import Views
from chat_bridge.ports import Clock, Files, Store


@dataclass(frozen=True)
class Office:
    desk: Desk
    timeline: Timeline
    overview: Overview
    forms: Forms
    health: Health
    canned: CannedReplies
    redaction: Redaction
    looks: Looks
    tags: Tags
    views: Views


def office(store: Store, clock: Clock, *, files: Files, outbox: Outbox, audit: Audit) -> Office:
    desk = Desk(store, clock, outbox, audit)
    health = Health(store, files, clock)
    overview = Overview(store, files, clock, desk, health)
    canned = CannedReplies(store, clock, audit)
    redaction = Redaction(store, clock, audit)
    forms, timeline, looks = Forms(store, clock), Timeline(store), Looks(store)
    tags, views = Tags(store, clock, audit), Views(store, audit)
    return Office(
        desk, timeline, overview, forms, health, canned, redaction, looks, tags,
        views,
    )  # fmt: skip
