"""Words that say nothing about what an answer is about: the stopwords-iso lists, mended for customers' answers."""

from functools import lru_cache

import stopwordsiso

_LIST_CODE = {"nb": "no", "nn": "no"}

_KEEP: dict[str, str] = {
    "en": "area areas bill buy call change changes clear clearly computer date group help information member members"
    " microsoft move new order orders page present problem problems research room rooms site system test text"
    " thick thin top web webpage website work young",
    "sv": "beslut enkel enkelt enkla långsam långsamt långsammare lätt lättare tidig tidigare tidigt",
    "nb": "arbeid folk lang navn",
    "da": "lav",
    "fi": "apu avun avuksi avulla helposti hitaasti kukka nopeammin nopeasti vaikea vaikean vaikeat",
}
"""Content words of customers' answers that the lists count as stop words."""

_ADD: dict[str, str] = {
    "en": "bit definitely didnt doesnt dont etc feel gonna gotta guy guys havent hey hi im isnt ive lol lot lots"
    " pls please stuff thats ur wanna wasnt whats wont wouldnt yall yeah youre",
    "sv": "alls använda använder bli blivit borde bör dock fast få ge ger gett ganska gillar göra hel hela hitta hålla"
    " håller igenom iväg jätte kommer känns känna ligga lite lätta massa mycket mår måste nya ny olika par precis"
    " rätt sak saker samtidigt sen ser sig själva ska sköta sluta sånt ta tagit tar tex tillräckligt typ tycker tycka"
    " ungefär utav vet vilja väldigt ändå övrigt",
    "nb": "alltid aldri annen annet anna blant bedre beste burde bør dermed derfor dessuten disse egen egentlig ellers"
    " enda faktisk finne finnes finner flere flest flott får fått føler ganske gi gir gitt gjennom gjør gjøre gjort"
    " greit går gått hele heller helt hos ingenting innenfor istedenfor kanskje komme kommer kommet langt lett litt"
    " liker likevel mens mener mindre mulig må mått nesten nok nye ofte omtrent per rundt samt se ser selv sett siden"
    " siste skulle snart stor store største svært synes ta tar tatt ting trenger under uten vanlig veldig vet viktig"
    " viser virker virkelig være via ønsker øvrig år",
    "da": "aldrig altid anden andet bare bedre bedst bedste blandt blevet bliv både burde bør del derfor dermed"
    " dette egen egentlig ellers endnu faktisk finde findes finder flest foran føler ganske gennem gerne give giver"
    " givet gør gøre gjort går gået hel hele heller hos hvilket høj højere indtil ingenting kommet langt længe"
    " ligesom lille måske mellem mener mest mulig må nemlig næsten nye ofte omkring per rigtig rigtigt samt sammen"
    " ser set siden sidste snart store største synes sådan ting tage tager taget tror uden under utrolig ved vigtig"
    " viser virkelig via få får fået år ønsker øvrigt",
    "fi": "edes ehdottomasti esim hirveän ihan jokseenkin kiva lähes mieluummin mielestä mielestäni muutenkin oikeasti"
    " olla parasta pitäisi pitää saa saada saan saattaa sais samalla tehdä tekee toivon toisinaan todella tosi"
    " varmaan vois voida yleisesti yleensä",
}
"""Function words and small talk that the lists leave out; Danish and Norwegian lists are short."""


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language (ISO 639-1 code), lower case; empty when there is no list for it."""
    listed = stopwordsiso.stopwords(_LIST_CODE.get(language, language)) or ()
    words = {word.lower() for word in listed} | set(_ADD.get(language, "").split())
    return frozenset(words - kept_words(language))


def kept_words(language: str) -> frozenset[str]:
    """Return the content words of a language that are never stop words, whatever their lemma."""
    return frozenset(_KEEP.get(language, "").split())
