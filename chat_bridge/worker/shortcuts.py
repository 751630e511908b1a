"""Commands that stand for other commands: the last one again, and pipelines saved under a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import BadArgument, CommandError, MissingArgument, UnknownCommand
from chat_bridge.model import ENDED, Answer, Button, Job, Pipeline
from chat_bridge.workflow import plan as workflow
from chat_bridge.workflow import registry

AGAIN, SAVE, SAVED, FORGET = ("again", "repeat"), ("save",), ("saved",), ("forget", "unsave")
RESERVED = frozenset({*AGAIN, *SAVE, *SAVED, *FORGET, "help", "commands"})
LOOKED_BACK = 50
_COMMAND = re.compile(r"\s*/(?P<name>[^\s|=]+)\s*(?P<rest>.*)", re.DOTALL)
_NAMED = re.compile(
    r"(?:name\s*=\s*)?(?P<quote>['\"]?)(?P<name>[^\s'\"|]*)(?P=quote)\s*(?P<rest>.*)", re.DOTALL
)


@dataclass(frozen=True)
class Shortcuts:
    bridge: Bridge

    def understand(self, job: Job) -> Answer | str:
        """What to say at once, or the command that was meant."""
        found = _COMMAND.fullmatch(job.command)
        if found is None:
            return job.command
        name, rest = found["name"].lower(), found["rest"].strip()
        if name in AGAIN:
            return self._again(job, rest)
        if name in SAVE:
            return self._save(job, rest)
        if name in SAVED:
            return self._list(job)
        if name in FORGET:
            return self._forget(job, rest)
        return self._named(job, name, rest)

    def help(self, job: Job, answer: Answer) -> Answer:
        """The page of help, with what this person saved."""
        saved = self.bridge.pipelines.of_session(job.session_id)
        if not saved:
            return answer
        lines = "\n".join(f"- `/{one.name}` — `{_short(one.command)}`" for one in saved)
        return Answer(f"{answer.text}\n\n**Saved**\n\n{lines}", (*_calls(saved), *answer.buttons))

    def _again(self, job: Job, rest: str) -> str:
        return _joined(self._last(job), rest)

    def _last(self, job: Job) -> str:
        """The newest command before this one that was one, whatever became of it."""
        for earlier in self.bridge.jobs.of_session(job.session_id, LOOKED_BACK):
            found = _COMMAND.fullmatch(earlier.command)
            if earlier.id == job.id or earlier.status not in ENDED or found is None:
                continue
            name, rest = found["name"].lower(), found["rest"].strip()
            if name not in RESERVED:
                return self._named(job, name, rest)
        raise MissingArgument("There is no earlier command in this conversation.")

    def _named(self, job: Job, name: str, rest: str) -> str:
        """A registered command is itself; a saved one is what it stands for."""
        written = f"/{name} {rest}".strip()
        try:
            registry.find(name)
        except UnknownCommand:
            saved = self.bridge.pipelines.find(job.session_id, name)
            return _joined(saved.command, rest) if saved else job.command
        return job.command if job.command.strip().lower().startswith(f"/{name}") else written

    def _save(self, job: Job, rest: str) -> Answer:
        found = _NAMED.fullmatch(rest)
        if found is None or not found["name"] or found["name"].startswith("/"):
            raise MissingArgument("/save needs a name, for example: /save monthly", argument="name")
        name, command = found["name"].lower(), found["rest"].strip() or self._last(job)
        self._check_name(name)
        if not command.startswith("/"):
            raise BadArgument(
                f"What is saved begins with '/': /save {name} /dedupe | to-xlsx",
                command="save",
                argument="name",
            )
        self._check_command(command)
        kept = self.bridge.pipelines.save(job.session_id, name, command)
        said = f"Saved. `/{kept.name}` now does:\n\n```\n{kept.command}\n```"
        return Answer(said, (*_calls([kept]), Button("Forget it", f"/forget {kept.name}", "fill")))

    def _check_name(self, name: str) -> None:
        taken = name in RESERVED
        if not taken:
            try:
                registry.find(name)
                taken = True
            except UnknownCommand:
                return
        raise BadArgument(
            f"/{name} is a command already; choose another name.", command="save", argument="name"
        )

    def _check_command(self, command: str) -> None:
        """A pipeline that cannot be read is not worth a name."""
        if isinstance(workflow.interpret(command), Answer):
            raise BadArgument("Help cannot be saved.", command="save", argument="name")

    def _list(self, job: Job) -> Answer:
        saved = self.bridge.pipelines.of_session(job.session_id)
        if not saved:
            return Answer("Nothing is saved yet; `/save monthly` saves the last command.")
        lines = [f"- `/{one.name}` — `{_short(one.command)}`" for one in saved]
        return Answer("\n".join(lines), _calls(saved))

    def _forget(self, job: Job, rest: str) -> Answer:
        found = _NAMED.fullmatch(rest)
        name = found["name"].removeprefix("/") if found else ""
        if not name:
            raise MissingArgument(
                "/forget needs a name, for example: /forget monthly", argument="name"
            )
        if self.bridge.pipelines.forget(job.session_id, name):
            return Answer(f"`/{name.lower()}` is forgotten.")
        names = [one.name for one in self.bridge.pipelines.of_session(job.session_id)]
        near = registry.nearest(name, names)
        hint = f"; did you mean '{near}'?" if near else "."
        error: CommandError = BadArgument(
            f"There is no saved pipeline '{name}'{hint}", argument="name", value=name, nearest=near
        )
        raise error


def _joined(command: str, rest: str) -> str:
    return f"{command} {rest}".strip()


def _calls(saved: Sequence[Pipeline]) -> tuple[Button, ...]:
    return tuple(Button(f"/{one.name}", f"/{one.name}", "send") for one in saved[:6])


def _short(command: str) -> str:
    line = " ".join(command.replace("`", "'").split())
    return line if len(line) <= 100 else f"{line[:99]}…"
