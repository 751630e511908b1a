from tests.builders import ADAS_CHAT, House

SECRET = "the carrier lost the label"


def test_whatever_an_operator_does_is_written_down_without_its_words(house: House) -> None:
    ana, _ = house.accounts.add("ana", "operator", "test", password="blue horses at dawn")
    desk = house.office.desk
    house.say("Hello")
    desk.claim(ADAS_CHAT, ana)
    desk.touch(ADAS_CHAT, ana)
    desk.note(ADAS_CHAT, ana, SECRET)
    sent = desk.reply(ADAS_CHAT, ana, "It leaves today.", seen=0)
    desk.hand_back(ADAS_CHAT, ana)
    entries = [e for e in house.audit.entries() if e.action.startswith("conversation.")]
    assert [(e.action.partition(".")[2], e.before, e.after) for e in entries] == [
        ("claim", "nobody", "ana"), ("note", None, "a private note of 26 characters"),
        ("reply", "1 waiting", f"answer {sent.id}"), ("hand_back", "ana", "its agent"),
    ]  # fmt: skip
    assert {(e.actor, e.subject) for e in entries} == {(ana.actor, ADAS_CHAT)}
