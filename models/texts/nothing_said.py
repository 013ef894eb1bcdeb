"""Answers that are there and yet say nothing: "no idea", "inget särskilt", "ei mitään", "yes", "asdfasdf", "haha".

A text model gives them a place among what others say, and a code is found for them with confidence. They are told by
their words alone, all of them, in one of the five languages, or by having none; "nothing works" says something.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from models.texts.cleaning import is_blank
from models.texts.denied import matters_not
from models.texts.ideas import split_ideas
from models.texts.struck_keys import holds_no_words
from models.texts.tokens import clauses

LONGEST = 12
"""Whoever writes more words than this says something."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’`´]")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Emptiness:
    """How a language says nothing. phrases: what says it. fillers: words that may stand around them. words: of both."""

    phrases: frozenset[Words]
    fillers: frozenset[str]
    words: frozenset[str]


def says_nothing(text: str) -> bool:
    """Tell whether an answer is blank, or does not know, has nothing to name, will not say, is a bare yes or no,
    laughs, or strikes keys in place of words.

    >>> [says_nothing(text) for text in ("No idea, sorry!", "Jag vet inte riktigt", "Nothing works", "asdfg", "")]
    [True, True, False, True, True]
    """
    if is_blank(text):
        return True
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).lower())
    words = tuple(_WORD.findall(plain))
    return len(words) <= LONGEST and (
        holds_no_words(plain)
        or any(language.words.issuperset(words) and _covered(words, language) for language in LANGUAGES.values())
    )


def cannot_be_coded(text: str) -> bool:
    """Tell whether an answer says nothing, only what does not matter, or holds no word of two letters ("42", a link).

    >>> [cannot_be_coded(text) for text in ("=1+1", "https://example.com", "no idea", "5G", "halpa")]
    [True, True, True, False, False]
    """
    worded = any(len(word) > 1 or not word.isascii() for clause in clauses(text) for word in clause)
    return not worded or says_nothing(text) or all(map(matters_not, split_ideas(text)))


def _covered(words: Words, language: Emptiness) -> bool:
    """Whether the words are phrases and fillers from first to last, at least one phrase among them."""
    reached = {(0, False)}
    for start in range(len(words)):
        for told in [told for at, told in reached if at == start]:
            if words[start] in language.fillers:
                reached.add((start + 1, told))
            reached |= {(end, True) for phrase in language.phrases for end in _ends(words, start, phrase, language)}
    return (len(words), True) in reached


def _ends(words: Words, start: int, phrase: Words, language: Emptiness) -> Iterator[int]:
    """Yield where a phrase that begins at `start` ends, if it does; fillers may stand between its words."""
    at = start
    for word in phrase:
        while at < len(words) and at > start and words[at] != word and words[at] in language.fillers:
            at += 1
        if at == len(words) or words[at] != word:
            return
        at += 1
    yield at


def _language(phrases: str, fillers: str) -> Emptiness:
    """Read phrases with commas between them, and words with blanks."""
    told, around = frozenset(tuple(phrase.split()) for phrase in phrases.split(",")), frozenset(fillers.split())
    return Emptiness(told, around, around.union(*told))


LANGUAGES: dict[str, Emptiness] = {
    "en": _language(
        """
        dont know, do not know, didnt know, dunno, idk, no idea, have no idea, ive no idea, got no idea,
        have no clue, no clue, havent a clue, havent got a clue, not sure, unsure, cant say, cannot say,
        couldnt say, hard to say, difficult to say, cant think of anything, cant think of any, cannot think
        of anything, nothing comes to mind, no opinion, no answer, no comment, no comments, nothing, nothing
        special, nothing specific, nothing in particular, nothing much, not much, nothing to add, nothing to
        say, none, none of them, have none, have nothing, have nothing to add, have nothing to say, have no
        opinion, n a, na, not applicable, unknown, never thought about it, havent thought about it, have not thought
        about it, prefer not to say, rather not say, rather not answer, skip, pass, no, nope, yes, yeah,
        yep, whatever, who knows, no preference, no particular reason, no reason, dont care, do not care,
        cant remember, dont remember, do not remember, prefer not to answer, decline to answer, does not apply,
        doesnt apply, not relevant, cant choose, cannot choose, undecided, refused, have no preference, no specific
        reason, have no particular preference, no particular preference, nothing springs to mind, not that know of,
        dont have any, dont have one, none whatsoever, couldnt tell, cant think of one, see above, as above, same as
        above, ditto
        """,
        """
        i im am id really honestly just sorry well oh hm hmm um uh er tbh lol haha actually thanks thank you
        at all that it about why what to be honest right now the moment so far yet else please
        """,
    ),
    "sv": _language(
        """
        vet inte, vet ej, vet icke, ingen aning, inget, ingenting, inget särskilt, ingenting
        särskilt, inget speciellt, inget direkt, ingen, inga, ingen åsikt, inga åsikter, ingen kommentar,
        inga kommentarer, inget svar, vill inte svara, vill ej svara, vill inte säga, svårt att säga, svårt
        att svara, kan inte svara, kan inte säga, kan ej svara, kommer inte på något, kommer inte på nåt,
        kommer inte på, inte säker, osäker, minns inte, minns ej, kommer inte ihåg, har inte tänkt på det,
        aldrig tänkt på det, spelar ingen roll, ej aktuellt, ej relevant, hoppar över, nej, nä, nja, nope,
        ja, jo, jaa, japp, vem vet, bryr mig inte, ingen anledning, inget att tillägga, inget att säga, ingen
        uppfattning, vill inte uppge, vill ej uppge, kan inte bedöma, kan ej bedöma, inte aktuellt, inte relevant,
        tveksam, ingen särskild, ingen speciell, ingen särskild anledning, ingen speciell anledning, ingenting
        speciellt, ingen preferens, vet inget, vet ingenting, vet inte vad ska säga, vet inte vad ska svara, har
        ingen, har inget, se ovan, som ovan, samma som ovan
        """,
        """
        jag faktiskt riktigt just nu nog tyvärr alls det att så liksom ju väl än varför ärligt talat tack
        ens om på hm eh öh haha direkt rakt av för stunden har vad
        """,
    ),
    "nb": _language(
        """
        vet ikke, veit ikke, vet ikkje, veit ikkje, vet da ikke, aner ikke, aner ikkje, ingen anelse, ingen
        aning, ikke noe, ikke noe spesielt, ikke noe særlig, ingenting, ingenting spesielt, ingen ting,
        intet, intet spesielt, ingen, ingen mening, ingen kommentar, ingen formening, vil ikke svare, vil
        ikke si, vanskelig å si, vanskelig å svare, kan ikke svare, kan ikke si, kommer ikke på noe, ikke
        sikker, usikker, husker ikke, ikke tenkt på det, ikke tenkt over det, aldri tenkt på det, aldri
        tenkt over det, ikke relevant, ikke aktuelt, hopper over, nei, niks, ja, jo, jepp, hvem vet, bryr
        meg ikke, spiller ingen rolle, ingen grunn, ingenting å tilføye, ingenting å si, ønsker ikke å svare,
        ønsker ikke å oppgi, vil ikke oppgi, kan ikke vurdere, ubesvart, ingen spesiell, ingen spesielle, ingen
        spesiell grunn, ikke noe å si, ikke noe å tilføye, vil helst ikke svare, vet ikke hva skal si, vet ikke hva
        skal svare, vet ingenting, ingen preferanse, se over, som over, samme som over, se ovenfor, som ovenfor
        """,
        """
        jeg eg egentlig faktisk helt nå dessverre det at så liksom jo vel hvorfor ærlig talt takk om på har
        i tatt hele akkurat for øyeblikket hm eh haha hva
        """,
    ),
    "da": _language(
        """
        ved ikke, ved det ikke, ved ik, ved jeg ikke, aner det ikke, aner ikke, ingen anelse, ingen idé,
        ingen ide, ikke noget, ikke noget særligt, ikke noget specielt, ikke noget bestemt, ingenting,
        ingenting særligt, intet, intet særligt, ingen, ingen mening, ingen holdning, ingen kommentar, ingen
        kommentarer, ønsker ikke at svare, vil ikke svare, vil ikke sige, svært at sige, svært at svare på,
        kan ikke sige, kan ikke svare, kan ikke komme på noget, kommer ikke på noget, ikke sikker, usikker,
        husker ikke, ikke tænkt over det, aldrig tænkt over det, ikke relevant, springer over, nej, næ,
        niks, ja, jo, jep, hvem ved, ligeglad, er ligeglad, ingen grund, ikke noget at tilføje, ikke noget
        at sige, ønsker ikke at oplyse, vil ikke oplyse, kan ikke vurdere, ikke aktuelt, ubesvaret, ikke nogen,
        ingen bestemt, ingen bestemte, ingen særlig, ingen særlige, ingen særlig grund, ingen bestemt grund, vil helst
        ikke svare, ved ikke hvad skal sige, ved ikke hvad skal svare, ved ingenting, ingen præference, se ovenfor,
        som ovenfor, samme som ovenfor
        """,
        """
        jeg egentlig faktisk helt lige nu desværre det at så ligesom jo vel hvorfor ærligt talt tak om på
        har i bare sgu for tiden hm øh haha hvad rigtig rigtigt
        """,
    ),
    "fi": _language(
        """
        en tiedä, en tiiä, en tiä, en oikein tiedä, en mä tiedä, en mä oikein tiedä, en minä tiedä, en mä
        tiiä, emmätiiä, emt, ei tietoa, ei tietoo, ei mitään tietoa, ei hajua, ei hajuakaan, ei aavistusta,
        ei aavistustakaan, ei mitään, ei mikään, ei oikeastaan mitään, ei oikein mitään, ei mitään
        erityistä, ei oikeastaan mitään erityistä, ei mitään erikoista, ei mitään ihmeellistä, ei erityistä,
        ei mielipidettä, ei kommenttia, ei kommentoitavaa, ei vastausta, en osaa sanoa, eos, en osaa
        vastata, en halua vastata, en halua sanoa, vaikea sanoa, vaikeaa sanoa, ei tule mieleen, ei tule
        mitään mieleen, ei tuu mieleen, ei tuu mitään mieleen, en ole varma, en oo varma, en muista, en ole
        ajatellut, en ole miettinyt, en oo miettiny, ei merkitystä, ei väliä, ohitan, ei, eipä, ei ole, eipä
        mitään, joo, juu, kyllä, kuka tietää, ei syytä, ei sanottavaa, ei lisättävää, ei osaa sanoa, ei osaa
        arvioida, en osaa arvioida, ei halua vastata, en halua kertoa, ei koske minua, ei sovellu, ei kommentteja, ei
        ole mitään, ei oo mitään, ei oo, ei erityisempää, ei erikoisempaa, en keksi mitään, en keksi, ei ole
        mielipidettä, ei ole kokemusta, ei ole tietoa, en tiedä mitä sanoa, en tiedä mitä vastata, ei erityistä syytä,
        ei ole mitään erityistä, ei ole erityistä, kuten yllä, katso yllä, ks yllä, sama kuin yllä
        """,
        """
        mä minä oikein oikeastaan oikeasti nyt ihan no tuota tota valitettavasti sitä siitä tätä että miksi
        mitä suoraan sanottuna kiitos hm öö kai ehkä edes todellakaan yhtään tällä hetkellä vaan varsinaisesti vielä
        """,
    ),
}
