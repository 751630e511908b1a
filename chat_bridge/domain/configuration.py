"""Every setting as administrators see it: its value, where it comes from, and what a change would
be. What the start names is told and stays; the shared table takes the rest, changes can be undone,
and whoever saves what somebody else has saved meanwhile is told."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chat_bridge.domain.audit import Audit
from chat_bridge.domain.first_start import KEPT_IN
from chat_bridge.domain.live import ALIASES, NAMES
from chat_bridge.domain.settings import KEY_NAMES, MASK, SharedSettings
from chat_bridge.errors import CannotUndo, ChangeNotFound, InvalidField, StaleEdit
from chat_bridge.model import AuditEntry
from chat_bridge.ports import AuditFilter, SettingRow

OTHERS = "Other programs"
TABLE, DEFAULT = "system_config", "default"
ACTION = "config"
LONGEST_VALUE = 10_000
CHANGES_SHOWN = 10
KEY_ROWS = {f"{name}_key": row for name, row in KEPT_IN.items()}
ROWS_OF = {ours: theirs for theirs, ours in ALIASES.items()}


@dataclass(frozen=True)
class KnownSetting:
    """A setting of ours as the start found it; `source` is empty where nothing named it."""

    name: str
    group: str
    about: str
    default: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Setting:
    """One line of the page. `name` is its row in the shared table; `locked` says why it cannot be
    changed here, `fault` what the table says without effect."""

    name: str
    title: str
    group: str
    about: str
    default: str | None
    value: str
    source: str
    locked: str = ""
    secret: bool = False
    seen: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Edit:
    """What somebody wrote, and the `seen` of the setting they were shown."""

    value: str
    seen: str


@dataclass(frozen=True)
class Change:
    """`before` and `after` are rows as audited; secrets are masks."""

    setting: Setting
    before: str
    after: str


@dataclass(frozen=True)
class Review:
    """`stale` holds what others saved meanwhile, `faults` what cannot be, by name."""

    changes: Sequence[Change] = ()
    stale: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Configuration:
    shared: SharedSettings
    audit: Audit
    known: Sequence[KnownSetting] = ()

    def all(self) -> Sequence[Setting]:
        rows = {row.name: row for row in self.shared.store.settings.rows()}
        ours = [self._known(one, rows) for one in self.known]
        taken = {*KEY_NAMES, *NAMES, *ALIASES}
        others = [
            _other(row) for row in rows.values() if self.shared.editable(row.name, taken)
        ]  # fmt: skip
        return [*ours, *others]

    def review(self, edits: Mapping[str, Edit]) -> Review:
        """What saving would do; nothing is saved."""
        changes, stale, faults = [], {}, {}
        for setting in self.all():
            edit = edits.get(setting.name)
            if edit is None or setting.locked or not _edited(setting, edit):
                continue
            value = edit.value if setting.group == OTHERS else edit.value.strip()
            reason = self._fault(setting, value)
            if edit.seen != setting.seen:
                stale[setting.name] = setting.value
            elif reason:
                faults[setting.name] = reason
            else:
                changes.append(self._change(setting, value))
        changes = [one for one in changes if one.setting.secret or one.before != one.after]
        return Review(changes, stale, faults)

    def save(self, edits: Mapping[str, Edit], actor: str) -> int:
        """How many were changed; all or nothing."""
        with self.shared.store.write():
            review = self.review(edits)
            if review.stale:
                raise StaleEdit
            for name, reason in review.faults.items():
                raise InvalidField(field=name, reason=reason)
            values = {one.setting.name: edits[one.setting.name].value for one in review.changes}
            self.shared.put({
                one.setting.name: values[one.setting.name] if one.setting.secret else one.after
                for one in review.changes
            })  # fmt: skip
            for one in review.changes:
                self._note(actor, one.setting.name, one.before, one.after)
        return len(review.changes)

    def put(self, values: Mapping[str, str], actor: str) -> None:
        """As programs set them: any row, whatever it was before; secrets that come as their mask
        stay."""
        with self.shared.store.write():
            for name, (before, after) in self.shared.put(values).items():
                self._note(actor, name, before, after)

    def changes(self) -> Sequence[tuple[AuditEntry, bool]]:
        """The last ones, newest first, and whether each can be undone."""
        found = self.shared.store.records.audit(AuditFilter(action=ACTION, limit=CHANGES_SHOWN))
        undoable = self.undoable(found)
        return [(entry, entry.id in undoable) for entry in found]

    def undoable(self, entries: Sequence[AuditEntry]) -> frozenset[int]:
        """Which of them are changes that can be taken back, by number."""
        changes = [entry for entry in entries if entry.action == ACTION]
        known = self.all() if changes else []
        return frozenset(one.id for one in changes if not self._stands_against(one, known))

    def to_undo(self, number: int) -> AuditEntry:
        """A change that can be taken back; else why it cannot."""
        found = self.shared.store.records.audit(AuditFilter(before=number + 1, limit=1))
        entry = next((one for one in found if one.id == number and one.action == ACTION), None)
        if entry is None:
            raise ChangeNotFound
        reason = self._stands_against(entry, self.all())
        if reason:
            raise CannotUndo(reason=reason)
        return entry

    def undo(self, number: int, actor: str) -> str:
        """The name of the setting that is as it was before."""
        with self.shared.store.write():
            entry = self.to_undo(number)
            name = entry.subject
            if entry.before is None and name not in {*NAMES, *ALIASES}:
                self.shared.remove(name)
            else:
                self.shared.put({name: entry.before or ""})
            self._note(actor, name, entry.after or "", entry.before or "")
        return name

    def _stands_against(self, entry: AuditEntry, known: Sequence[Setting]) -> str:
        name = entry.subject
        if name in KEY_NAMES or MASK in (entry.before, entry.after):
            return "what a secret was before is not kept"
        setting = next((one for one in known if one.name == name), None)
        if setting is not None and setting.locked:
            return setting.locked
        if (self.shared.store.settings.get(name) or "") != (entry.after or ""):
            return "it was changed again since"
        return ""

    def _note(self, actor: str, name: str, before: str | None, after: str) -> None:
        self.audit.write(actor, ACTION, subject=name, before=before, after=after)

    def _change(self, setting: Setting, value: str) -> Change:
        before = self.shared.store.settings.get(setting.name) or ""
        if setting.secret:
            return Change(setting, MASK if before or setting.value else "", MASK)
        return Change(setting, before, value)

    def _fault(self, setting: Setting, value: str) -> str:
        if len(value) > LONGEST_VALUE or "\0" in value:
            return f"at most {LONGEST_VALUE:,} characters"
        try:
            self.shared.check(setting.name, value)
        except InvalidField as error:
            return str(error.details["reason"])
        return ""

    def _known(self, one: KnownSetting, rows: Mapping[str, SettingRow]) -> Setting:
        if one.name in KEY_ROWS:
            return self._key(one, rows)
        if one.name not in NAMES:
            reason = one.source and f"named by {one.source}"
            return _start(one, reason or "read at the start, from bridge.yml or the environment")
        if one.source:
            return _start(one, f"named by {one.source}")
        name, found, fault = self._row(one.name, rows)
        value = found if found is not None else one.default
        return Setting(
            name, one.name, one.group, one.about, one.default, value,
            source=TABLE if found is not None else DEFAULT, seen=_seen(value), fault=fault,
        )  # fmt: skip

    def _row(self, name: str, rows: Mapping[str, SettingRow]) -> tuple[str, str | None, str]:
        """The row that a change goes to, the text that counts, and what is wrong with a row."""
        alias = ROWS_OF.get(name, name)
        found, fault = None, ""
        for one in sorted({name, alias} & rows.keys()):
            text = rows[one].value.strip()
            if text:
                try:
                    self.shared.check(one, text)
                    found = text
                except InvalidField as error:
                    fault = f"“{text[:80]}” has no effect: {error.details['reason']}"
        return (alias if alias in rows else name), found, fault

    def _key(self, one: KnownSetting, rows: Mapping[str, SettingRow]) -> Setting:
        name = KEY_ROWS[one.name]
        if one.source:
            return Setting(
                name, one.name, one.group, one.about, None, MASK, _place(one.source),
                locked=f"named by {one.source}", secret=True,
            )  # fmt: skip
        row = rows.get(name)
        kept = row is not None and bool(row.value)
        return Setting(
            name, one.name, one.group, one.about, None, MASK, TABLE if kept else "api keys",
            secret=True, seen=_seen(row.updated_at if row else ""),
        )  # fmt: skip


def _start(one: KnownSetting, reason: str) -> Setting:
    source = _place(one.source)
    return Setting(
        one.name, one.name, one.group, one.about, one.default, one.value, source, reason
    )  # fmt: skip


def _other(row: SettingRow) -> Setting:
    secret = SharedSettings.is_secret(row.name, row.secret)
    locked = "too long to be edited here" if len(row.value) > LONGEST_VALUE else ""
    return Setting(
        row.name, row.name, OTHERS, row.description, None,
        MASK if secret and row.value else row.value[:LONGEST_VALUE], TABLE, locked=locked,
        secret=secret, seen=_seen(row.updated_at if secret else row.value),
    )  # fmt: skip


def _place(source: str) -> str:
    if not source:
        return DEFAULT
    return "environment" if source.startswith("environment") else "bridge.yml"


def _edited(setting: Setting, edit: Edit) -> bool:
    """A secret that is left alone, or as its mask, is not changed; any other text is compared
    with what its writer was shown."""
    if setting.secret:
        return edit.value.strip() not in ("", MASK)
    return _seen(edit.value) != edit.seen and edit.value != setting.value


def _seen(text: str) -> str:
    """Line ends as browsers send them count as ours."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:24]
