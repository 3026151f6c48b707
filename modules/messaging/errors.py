"""What can go wrong with messages."""

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _l


class NotReachable(DomainError):
    """Neither a person nor an address was given, or the address is none."""

    code = "not_reachable"
    message = _l("There is no address to send this to.")


class WordsUnusable(DomainError):
    """The words of a template cannot be filled in; its message says why."""

    code = "words_unusable"
    message = _l("This text cannot be used.")


class UnknownPlaceholder(WordsUnusable):
    code = "unknown_placeholder"
    message = _l("There is no placeholder %(names)s. Possible: %(possible)s.")


class WordsUnreadable(WordsUnusable):
    code = "words_unreadable"
    message = _l("A placeholder is not closed or not written as {{ name }}, in line %(line)s.")


class WordsTooClever(WordsUnusable):
    code = "words_too_clever"
    message = _l("Only placeholders and conditions on them can be used here, in line %(line)s.")


class NothingToResend(DomainError):
    code = "nothing_to_resend"
    message = _l("This message cannot be sent again: its words are not kept.")
