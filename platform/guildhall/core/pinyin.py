"""Chinese words as people type them: in characters, in pinyin, or by the pinyin's initials."""

from functools import lru_cache


def matches(text: str, query: str) -> bool:
    """Whether a query finds a text: 会员管理 by 会员, huiyuan, hygl; "Member list" by member."""
    wanted = _folded(query)
    return bool(wanted) and any(wanted in spelling for spelling in spellings(text))


@lru_cache(maxsize=4096)
def spellings(text: str) -> tuple[str, ...]:
    """A text in lower case without spaces; with Chinese in it also as pinyin, and as initials."""
    folded = _folded(text)
    if folded.isascii():
        return (folded,)
    # Its dictionary takes memory, which processes that never search should not give.
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(folded)
    return folded, "".join(syllables), initials(text)


def initials(text: str) -> str:
    """The first letter of each character: 会员管理 → hygl. What is not Chinese stays."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(_folded(text), style=Style.FIRST_LETTER))


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
