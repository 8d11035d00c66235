"""Real mail would go out here; the tests patch it by its dotted name."""


def send(address: str, text: str) -> bool:
    raise RuntimeError(f"would really mail {address}")
