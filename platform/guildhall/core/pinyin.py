"""Chinese words as people type them: in characters, in pinyin, or by the pinyin's initials."""

import os
from functools import lru_cache

Readings = tuple[tuple[str, ...], ...]


def matches(text: str, query: str) -> bool:
    """Whether a query finds a text: 会员管理 by 会员, huiyuan, hygl or huiygl; "Member list" by member."""
    wanted, folded = _folded(query), _folded(text)
    if not wanted or wanted in folded:
        return bool(wanted)
    if folded.isascii() or not wanted.isascii():
        return False
    syllables = readings(folded)
    return any(_spells(syllables[start:], wanted) for start in range(len(syllables)))


@lru_cache(maxsize=4096)
def readings(text: str) -> Readings:
    """How each character can be read: 会计 → (hui, kuai), (ji). What is not Chinese stays together as it is."""
    # Readings by phrase would take each process 45 MB and most of a second; here each reading of a character counts.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    return tuple(tuple(one) for one in pinyin(text, style=Style.NORMAL, heteronym=True))


def initial(character: str) -> str:
    """The first letter of a character's commonest reading: 苏 → s."""
    return readings(character)[0][0][0]


def _spells(syllables: Readings, query: str) -> bool:
    """Whether a query is syllables from the first on, each in full or by its initial, the last one as far as typed."""
    if not syllables:
        return False
    for reading in syllables[0]:
        if reading.startswith(query):
            return True
        parts = {reading, reading[:1]}
        if any(part and query.startswith(part) and _spells(syllables[1:], query[len(part) :]) for part in parts):
            return True
    return False


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
