"""Scales in words as files hold them, so that answers like "Agree" keep their order without a survey file."""

from collections.abc import Iterable

_FROM_LEAST_TO_MOST = """
strongly disagree < disagree < somewhat disagree < neither agree nor disagree < neutral < somewhat agree < agree
    < strongly agree
very dissatisfied < dissatisfied < somewhat dissatisfied < neither satisfied nor dissatisfied < neutral
    < somewhat satisfied < satisfied < very satisfied
not at all important < not important < slightly important < somewhat important < moderately important < important
    < very important < extremely important
not like me at all < not like me < a little like me < somewhat like me < like me < very much like me
very unlikely < unlikely < neutral < likely < very likely
never < rarely < seldom < occasionally < sometimes < often < usually < very often < always
never < once a year < every three months < once a month < once a week < more than once a week < every day
never < yearly < quarterly < monthly < weekly < daily
very poor < poor < fair < average < good < very good < excellent
very low < low < medium < high < very high
stämmer inte alls < stämmer dåligt < stämmer delvis < stämmer ganska bra < stämmer helt
instämmer inte alls < instämmer inte < instämmer delvis < varken eller < instämmer < instämmer helt
helt uenig < uenig < delvis uenig < hverken enig eller uenig < verken enig eller uenig < delvis enig < enig < helt enig
täysin eri mieltä < eri mieltä < jokseenkin eri mieltä < ei samaa eikä eri mieltä < jokseenkin samaa mieltä
    < samaa mieltä < täysin samaa mieltä
"""

SCALES: tuple[tuple[str, ...], ...] = tuple(
    tuple(word.strip() for word in line.split("<"))
    for line in _FROM_LEAST_TO_MOST.replace("\n    <", " <").strip().splitlines()
)
"""Each from least to most, in small letters; a file may use a part of one."""

LEAST = 3
"""With fewer different words an order would be a guess."""


def known_scale(words: Iterable[str]) -> tuple[str, ...]:
    """Return words that all stand on one known scale in its order, or ().

    >>> known_scale({"Agree", "Neutral", "Strongly disagree"})
    ('Strongly disagree', 'Neutral', 'Agree')
    """
    different = {" ".join(word.casefold().split()): word for word in words}
    if len(different) < LEAST:
        return ()
    for scale in SCALES:
        if set(different) <= set(scale):
            return tuple(different[word] for word in scale if word in different)
    return ()
