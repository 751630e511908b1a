from ipaddress import ip_network


def network(address: str) -> str:
    """Who an address counts as: somebody with IPv6 has a whole /64 of them."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address}/64", strict=False).network_address)
    except ValueError:
        return address
