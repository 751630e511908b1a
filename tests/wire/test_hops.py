"""Whose quota it is: the address that the trusted proxies saw, never the one a caller claims."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.servers import RunningBridge
from tests.wire import caller

START = Callable[..., RunningBridge]
QUOTA = 3


def statuses(bridge: RunningBridge, chains: list[str]) -> list[int]:
    """One answer for each `X-Forwarded-For` that arrives at the bridge, a call each."""
    ada = caller.visitor(bridge)
    path = "/api/v1/operations"
    return [
        ada.call("GET", path, headers={"X-Forwarded-For": chain} if chain else {}).status
        for chain in chains
    ]


def allowed(bridge: RunningBridge, chains: list[str]) -> int:
    found = statuses(bridge, chains)
    assert set(found) <= {200, 429}
    return found.count(200)


def test_without_a_proxy_a_claimed_address_is_worth_nothing(start_bridge: START) -> None:
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_READS=f"{QUOTA}/minute")
    assert allowed(bridge, [f"203.0.113.{n}" for n in range(8)]) == QUOTA
    assert allowed(bridge, [""]) == 0


def test_behind_one_proxy_it_is_the_last_address(start_bridge: START) -> None:
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_READS=f"{QUOTA}/minute", CHAT_BRIDGE_TRUSTED_HOPS="1")
    assert allowed(bridge, [f"203.0.113.{n}, 198.51.100.1" for n in range(8)]) == QUOTA
    assert allowed(bridge, ["203.0.113.1, 198.51.100.2"] * 8) == QUOTA
    assert allowed(bridge, [f"198.51.100.{n}" for n in range(3, 11)]) == 8
    assert allowed(bridge, ["not an address, 198.51.100.3"] * 8) == QUOTA - 1


def test_behind_two_it_is_the_last_but_one(start_bridge: START) -> None:
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_READS=f"{QUOTA}/minute", CHAT_BRIDGE_TRUSTED_HOPS="2")
    chains = [f"203.0.113.{n}, 198.51.100.1, 192.0.2.{n}" for n in range(8)]
    assert allowed(bridge, chains) == QUOTA
    assert allowed(bridge, [f"198.51.100.{n}, 192.0.2.1" for n in range(2, 10)]) == 8
    # Past the outer proxy: nobody vouches for what it says, so it is the caller that counts.
    assert allowed(bridge, [f"203.0.113.{n}" for n in range(8)]) == QUOTA


def test_four_processes_keep_a_large_quota_to_a_twentieth(start_bridge: START) -> None:
    quota = 600
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_READS=f"{quota}/hour", CHAT_BRIDGE_WEB_WORKERS="4")
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: allowed(bridge, [""] * 100), range(9)))
    assert 0.95 * quota <= sum(counts) <= 1.05 * quota
