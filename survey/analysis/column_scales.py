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
instämmer inte alls < instämmer inte < instämmer delvis inte < instämmer knappast < varken eller < neutral
    < instämmer delvis < instämmer < instämmer helt
tar helt avstånd < tar delvis avstånd < varken eller < instämmer delvis < instämmer helt
samtycker inte alls < samtycker inte < samtycker delvis inte < varken eller < samtycker delvis < samtycker
    < samtycker helt
håller inte alls med < håller inte med < håller delvis inte med < varken eller < håller delvis med < håller med
    < håller helt med
mycket missnöjd < ganska missnöjd < missnöjd < varken nöjd eller missnöjd < varken eller < ganska nöjd < nöjd
    < mycket nöjd
inte alls viktigt < inte viktigt < inte så viktigt < mindre viktigt < ganska viktigt < viktigt < mycket viktigt
aldrig < sällan < ibland < ofta < alltid
helt uenig < uenig < delvis uenig < delvist uenig < litt uenig < hverken enig eller uenig < verken enig eller uenig
    < verken eller < hverken eller < delvis enig < delvist enig < litt enig < enig < helt enig
svært misfornøyd < ganske misfornøyd < misfornøyd < verken fornøyd eller misfornøyd < verken eller < ganske fornøyd
    < fornøyd < svært fornøyd
meget utilfreds < utilfreds < hverken tilfreds eller utilfreds < hverken eller < tilfreds < meget tilfreds
ikke viktig < litt viktig < ganske viktig < viktig < svært viktig
ikke vigtigt < lidt vigtigt < ret vigtigt < vigtigt < meget vigtigt
aldri < sjelden < av og til < noen ganger < ofte < alltid
aldrig < sjældent < nogle gange < af og til < ofte < altid
täysin eri mieltä < eri mieltä < osittain eri mieltä < jokseenkin eri mieltä < ei samaa eikä eri mieltä
    < en samaa enkä eri mieltä < jokseenkin samaa mieltä < osittain samaa mieltä < samaa mieltä < täysin samaa mieltä
erittäin tyytymätön < melko tyytymätön < tyytymätön < ei tyytyväinen eikä tyytymätön < melko tyytyväinen
    < tyytyväinen < erittäin tyytyväinen
ei lainkaan tärkeä < ei kovin tärkeä < jonkin verran tärkeä < melko tärkeä < tärkeä < erittäin tärkeä
ei koskaan < harvoin < joskus < usein < aina
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
