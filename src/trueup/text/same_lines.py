"""The lines that two states of a file share."""

from __future__ import annotations

from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENDS = (None, None)


def line_before(old: bytes, new: bytes, number: int) -> int:
    """The number in ``old`` of a line of ``new``; of one that was written anew, that of what stood there."""
    texts = [text.splitlines(keepends=True) for text in (old, new)]
    places = {there: at for at, there in common(texts[0], texts[1])} | {-1: -1, len(texts[1]): len(texts[0])}
    below = max(place for place in places if place < number)
    above = min(place for place in places if place >= number - 1)
    written = min(number - 1 - below, max(places[above] - places[below] - 1, 1))
    return min(places[below] + written, len(texts[0]) - 1) + 1


def common(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, int]]:
    """The lines that stay, by their places in both texts, found between those that each has once: what is repeated, in
    jobs that are much alike, takes the square of its length to be compared."""
    from difflib import SequenceMatcher

    once = [{line: at for line, at in _places(text) if at >= 0} for text in (old, new)]
    begin = other = 0
    for at, there in (*_in_order([(at, once[1][line]) for line, at in once[0].items() if line in once[1]]), ENDS):
        matches = SequenceMatcher(None, old[begin:at], new[other:there], autojunk=False).get_matching_blocks()
        yield from ((begin + block.a + step, other + block.b + step) for block in matches for step in range(block.size))
        yield from () if at is None else ((at, there or 0),)
        begin, other = (at or 0) + 1, (there or 0) + 1


def _in_order(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs of places that stand in the same order in both texts."""
    last: list[int] = []  # of the best rows of each length, where they end, and with which pair
    ends: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(last, there)
        before.append(ends[at - 1] if at else -1)
        last[at : at + 1], ends[at : at + 1] = [there], [number]
    found, number = list[tuple[int, int]](), ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _places(text: list[bytes]) -> Iterable[tuple[bytes, int]]:
    """Where each line stands in a text; -1 for one that stands there twice."""
    found: dict[bytes, int] = {}
    for at, line in enumerate(text):
        found[line] = -1 if line in found else at
    return found.items()
