"""Words that say nothing about what an answer is about: the stopwords-iso lists, mended for customers' answers."""

from functools import lru_cache

import stopwordsiso

_LIST_CODE = {"nb": "no", "nn": "no"}

_KEEP: dict[str, str] = {
    "en": "ad ads area areas bill buy call change changes clear clearly computer date group help information member"
    " members microsoft move new order orders page present problem problems research room rooms site system test text"
    " free home kind near opening points thick thin top value values web webpage website work young",
    "sv": "beslut enkel enkelt enkla långsam långsamt långsammare lätt lättare nära närmare tidig tidigare tidigt",
    "nb": "arbeid folk hjem lang lett lettere navn nær nærmere stille tid",
    "da": "hjem kort lav nær tid tæt tættere",
    "fi": "aika aikaa apu avun avuksi avulla helposti hitaasti kukka lähellä lähelle nopeammin nopeasti vaikea vaikean"
    " vaikeat",
}
"""Content words of customers' answers that the lists count as stop words."""

_ADD: dict[str, str] = {
    "": "and at by cm de for from in is it kg km la le mm of on or rt the to with you your",
    "en": "bit honestly definitely didnt doesnt dont etc feel gonna gotta guy guys havent hey hi im isnt ive lol lot"
    " lots please pls stuff thats ur wanna wasnt whats wont wouldnt yall yeah youre",
    "sv": "all alls ärligt anser antal antalet antingen använda användas använder används avsevärt bli blivit borde"
    " både bör dessutom dock enda endast ex exempel extremt faktiskt faktum fast fortfarande fortsätta fortsätter få"
    " förutom ganska ge ger gett gillar grund gånger göra haha hahaha hel hela hitta hos hålla håller igenom"
    " inklusive innebär innebära istället iväg jätte kallas kommer känna känner känns ligga liknande liksom lite"
    " massa medan mycket mår måste ny nya nära nästan olika par per precis procent relativt runt rätt sak saker"
    " samtidigt sen senaste ser sett sig själva ska sköta sluta snälla står särskilt sätt sånt såsom ta tagit tar"
    " tex tidigare tillbaka tillräckligt tror trots tycka tycker typ ungefär utav vanligtvis verkar vet vilja"
    " visar visat vissa väldigt ytterligare ändå år åren året övrigt",
    "nb": "akkurat alene all alle aller allerede alltid alt altså anna annen annet av bak basert bedre beste betyr"
    " blant bruk bruker burde bør ca del deler deretter derfor derimot dermed dersom dessuten direkte disse egen"
    " egentlig eget eks eksempel ekstra ellers enda enkelte enten faktisk fem fikk finne finner finnes fire flere"
    " flest fleste flott foran forhold form forrige forskjellige fortsatt fra fram frem fremdeles får fått føles"
    " følge følger først første gamle gang gangen ganger ganske gi gikk gir gitt gjelder gjennom gjerne gjort gjør"
    " gjøre gjøres godt grad greit grunn går gått ham hatt hel heldigvis hele heller helst helt hente heter hjem"
    " holder hos hverandre hvert høres igjen imidlertid ingenting inkludert inne innenfor istedenfor jo kalt"
    " kanskje kjente klar klart komme kommer kommet la lagt lang langt lenge lett ligger liker likevel lite liten"
    " litt løpet medan mener mens mindre minst mulig muligens må måten mått måtte naturlig nemlig neste nesten"
    " nettopp no nok nye nær ofte omtrent ord per pga plass pr prosent regel relativt resten rundt sa sagt samme"
    " sammen samt samtidig satt se selve selvfølgelig selvsagt senere ser sett setter side siden sier sikkert sist"
    " siste sitter sjelden skjer skulle slags slett små snart spesielt stadig starter sted stedet stor store stort"
    " står større største svært synd synes særlig ta tar tatt ten ti tiden tidlig tidligere til tilbake tillegg"
    " ting to tok tre tredje trenger trolig tror tross tydelig uansett ulike under uten utenfor utgangspunktet"
    " utover vanlig vanlige vanligvis var vei vel veldig vet via videre viktig virkelig virker vis vise viser vist"
    " vår våre være år årene året årets én ønsker øvrig",
    "da": "al aldrig alene allerede alligevel almindelig almindelige altid altså anden andet antal bare baseret bedre"
    " bedst bedste begge bestemt betyder blandt blevet bliv blot bruge bruger bruges brugt brugte burde både bør"
    " ca cirka del dele derefter derfor dermed dets dette direkte efter egen egentlig eks eksempel ekstra ellers"
    " endda endnu enkelt enkelte enten faktisk fandt finde finder findes fire flest foran forhold form forrige"
    " forskellige frem fundet få fået får føler først første gamle gang gange ganske gav generelt gennem gerne gik"
    " give giver givet gjort grad grund gå gået går gør gøre gøres havde hel hele heller helt hinanden hjem holde"
    " hos hr hvert hvilket høj højere ifølge igen igennem inden indtil ingenting inkluderer især kaldes kaldet"
    " kendt kl kommet kort kr kræve kræver lang lange langs langt lave laver lavet ligesom ligger lille længe"
    " længere løb løbet mellem mener mest mindre mindst mulig muligt muligvis må måde måske nemlig nok nuværende"
    " ny nye nåede næsten ofte omfatter omkring ord per personer plads pr procent resten ret rigtig rigtigt rundt"
    " række sagde samme sammen samt samtidig sandsynligvis sat selvom senere ser set side siden sidste siger"
    " sikkert sker skulle slags små snart stadig stand sted steder stod store stort stå større største svært synes"
    " sådan således såsom sætte tage tager taget tid tidligere tilbage tilfælde ting tog tre trods tror tæt uden"
    " udover uge under utrolig ved vej via vide videre vigtig vigtigt virkelig vis viser vist væk væsentligt"
    " yderligere år året ønsker øvrigt",
    "fi": "ainoastaan alkoi alkoivat edes ehdottomasti enimmäkseen esim esitti hirveän huomioon ihan johti jokseenkin"
    " jostakin jotkin jotkut juuri kaikissa kaikista kiva koostuu kutsutaan kuuluu kuuluvat käytetään käyttävät"
    " käyttää käytännössä lopulta lähes mielestä mielestäni mieluummin monia monien monissa muodostaa muuhun"
    " muusta muutenkin määrä ns nykyisin nykyään nähdä oikeasti olemassa olemme olla ollen osa osan ottaa ottaen"
    " palaa parasta pelkästään piti pitkään pitäisi pitää prosenttia päällä päästä saa saada saadaan saan saanut"
    " saattaa saattavat sai sais saivat samalla sanoi selvästi suhteellisen suhteen tapa tapauksissa tarjoaa"
    " tarkoittaa tarvitaan tarvitse tarvitsee tehdä tehnyt tehtiin tekee teki tietyn todella todennäköisesti"
    " toisinaan toivon tosi tuli tulivat useat useiden useimmat vaatii vaikuttaa varmaan voida voinut vois vuonna"
    " yhdestä yleensä yleisesti ylipäätään ymmärtämään",
}
"""Function words and small talk that the lists leave out; under "" those that titles bring into any language."""


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language (ISO 639-1 code), lower case; empty when there is no list for it."""
    listed = stopwordsiso.stopwords(_LIST_CODE.get(language, language)) or ()
    words = {word.lower() for word in listed} | set(_ADD[""].split()) | set(_ADD.get(language, "").split())
    return frozenset(words - kept_words(language))


def kept_words(language: str) -> frozenset[str]:
    """Return the content words of a language that are never stop words, whatever their lemma."""
    return frozenset(_KEEP.get(language, "").split())
