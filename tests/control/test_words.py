"""Every sentence the scripts ask for exists, and none is kept that nobody asks for."""

import json
import re

from chat_bridge.config import ROOT

SCRIPTS = "\n".join(path.read_text() for path in (ROOT / "static" / "js").rglob("*.js"))
WORDS = json.loads((ROOT / "static" / "i18n" / "en.json").read_text())
PLAIN = set(re.findall(r'"([a-z]+(?:\.[a-z]+)+)"', SCRIPTS))
BUILT = set(re.findall(r"`([a-z]+)\.\$\{", SCRIPTS))


def base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def test_every_sentence_is_asked_for() -> None:
    unused = [k for k in WORDS if base(k) not in PLAIN and k.split(".")[0] not in BUILT]
    assert unused == []


def test_every_sentence_that_is_asked_for_exists() -> None:
    known = set(WORDS) | {base(key) for key in WORDS}
    asked = {key for key in PLAIN if key.split(".")[0] in {k.split(".")[0] for k in WORDS}}
    events = {key for key in asked if re.search(rf'kind === "{re.escape(key)}"', SCRIPTS)}
    assert asked - events - known == set()


def test_plural_forms_come_in_pairs() -> None:
    singular = {base(key) for key in WORDS if key.endswith(".one")}
    assert singular == {base(key) for key in WORDS if key.endswith(".other")}
