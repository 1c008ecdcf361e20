"""Finding rows by words; the same answer on SQLite and PostgreSQL."""

from django.db.models import Q

from shop.search.pairs import is_chinese, parts


def holding(word: str) -> Q:
    """Rows that hold a word of ``shop.search.pairs.words``.

    Pairs find the rows by an index. The phrase is checked where pairs alone could mislead; one
    Chinese character has no pair and is looked for in the words.
    """
    cuts = parts(word)
    if not is_chinese(word):
        return Q(pairs__hold=cuts)
    if len(word) == 1:
        return Q(words__contains=word)
    found = Q(pairs__hold=cuts)
    return found & Q(words__contains=word) if len(cuts) > 1 else found
