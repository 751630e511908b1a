import pytest

from chat_bridge.domain.sizes import as_size


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (1023, "1,023 B"), (1024, "1 KB"), (17 << 10, "17 KB"), (3 << 19, "1.5 MB"),
     (200 << 20, "200 MB"), (26 << 30, "26 GB"), (3 << 50, "3,072 TB")],
)  # fmt: skip
def test_sizes_are_read_as_the_settings_mean_them(count: int, said: str) -> None:
    assert as_size(count) == said
