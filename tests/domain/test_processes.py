from chat_bridge.domain.processes import ALIVE_MS, Processes
from tests.builders import House


def of_kind(house: House, kind: str) -> Processes:
    return Processes(house.store, house.clock, kind)


def test_whoever_is_silent_for_long_is_gone(house: House) -> None:
    web = of_kind(house, "web")
    web.lives("web-1")
    web.lives("web-2")
    assert web.alive() == {"web": 2, "worker": 0}
    house.clock.pass_seconds(ALIVE_MS / 1000 - 1)
    web.lives("web-2")
    house.clock.pass_seconds(1)
    assert web.alive() == {"web": 1, "worker": 0}


def test_whoever_leaves_is_gone_at_once(house: House) -> None:
    web = of_kind(house, "web")
    web.lives("web-1")
    web.leaves("web-1")
    assert web.alive() == {"web": 0, "worker": 0}


def test_a_half_misses_the_other(house: House) -> None:
    bridge, control = of_kind(house, "bridge"), of_kind(house, "control")
    bridge.lives("bridge-1")
    house.jobs.worker_lives("worker-1", 4711)
    assert bridge.alive() == control.alive() == {"bridge": 1, "control": 0, "worker": 1}
    assert of_kind(house, "worker").alive() == bridge.alive()


def test_a_web_process_is_no_worker(house: House) -> None:
    of_kind(house, "web").lives("web-1")
    sheets = house.agents.resolve("sheets")
    assert not house.agents.answering(sheets)


def test_the_place_is_up_since_its_oldest_web_process_began(house: House) -> None:
    web = of_kind(house, "web")
    assert web.up_since() is None
    house.jobs.worker_lives("worker-1", 4711)
    began = house.clock.now()
    web.lives("web-1")
    house.clock.pass_seconds(ALIVE_MS / 1000 - 1)
    for name in ("web-1", "web-2"):
        web.lives(name)
    assert web.up_since() == began
    web.leaves("web-1")
    assert web.up_since() == house.clock.now()
