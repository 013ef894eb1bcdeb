"""Names for segments, made of the answers that set each apart from the others; no two on one basis are the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from models.portrait.columns import Column
from models.portrait.compare import Compared
from models.portrait.phrases import Phrases, phrases
from models.texts.cleaning import excerpt
from models.texts.denied import NEGATORS

NOTABLE = 0.2
"""Effects below this (Cohen's "small") name nothing."""
NOTABLE_P = 0.05
MEDIUM = 0.5
"""Effects below this (Cohen's "medium") come after what a segment has far less of."""
AHEAD = 1.5
"""An answer comes first when its effect is so many times that of the next."""
NEARLY_ALL = 0.8
ENOUGH_ANSWERS = 5
SAID = 0.1
"""An answer that fewer give, of a segment or of everybody, names nothing: 4 % are not what a segment is about."""
SHARED = 0.5
"""What an answer loses as a name when another segment stands out in it as well, of that segment's effect."""
LONGEST, LONGEST_PART = 80, 40
DENYING = frozenset(word for shown in NEGATORS.values() for word in shown.values()) - {"en"}
"""First words of answers that cannot be denied once more."""

Effects = Mapping[Column, Mapping[int, float]]


@dataclass(frozen=True)
class Apart:
    """A segment's name, and the answers it is above and below the others in, those of its own first."""

    name: str
    highs: tuple[Compared, ...] = ()
    lows: tuple[Compared, ...] = ()


def names(compared: Sequence[Compared], spoken: Sequence[str], *, language: str, leading: bool) -> list[Apart]:
    """Return one name for each segment 1..k; where two would be the same, the larger segment keeps it.

    compared: every segment on the answers that the names may be made of, corrected. spoken: a name made of each
    segment's own words, for those that no answer sets apart; "" for none. leading: whether one answer that is far ahead
    is said to come first, as among things that people want.
    """
    words = phrases(language)
    if len(spoken) == 1:
        return [Apart(spoken[0] or words.everybody)]
    effects: dict[Column, dict[int, float]] = {}
    by_segment: dict[int, list[Compared]] = {segment: [] for segment in range(1, len(spoken) + 1)}
    for one in compared:
        effects.setdefault(one.column, {})[one.segment] = one.marker.effect
        by_segment[one.segment].append(one)
    made: list[Apart] = []
    for own, said in zip(by_segment.values(), spoken, strict=True):
        highs, lows = strongest(own, effects, 1), strongest(own, effects, -1)
        taken = {_parts_of(apart.name, words) for apart in made}
        otherwise = said or ("" if highs or lows else words.alike)
        numbers = highs or lows or (own and not said and not any(map(_plain, own)))
        middle = words.middle if numbers and _between(highs, effects, 1) and _between(lows, effects, -1) else ""
        candidates = _candidates(len(own), highs, lows, otherwise, words, leading, middle)
        name = next(name for name in candidates if name and _parts_of(name, words) not in taken)
        made.append(Apart(name, tuple(highs), tuple(lows)))
    return made


def label(column: Column) -> str:
    """Return an answer in words, with the title of its question where it says nothing alone."""
    if column.says:
        return excerpt(column.says, LONGEST_PART)
    title = column.title.rstrip(" ?:.")
    if column.answer in ("", "yes"):
        return excerpt(title, LONGEST_PART)
    return excerpt(f"{excerpt(title, LONGEST_PART - 10)}: {column.answer}", LONGEST_PART)


def strongest(own: Sequence[Compared], effects: Effects, sign: int) -> list[Compared]:
    """Return the answers in which a segment is above (sign 1) or below (-1) the others, those of its own first.

    Of answers to several questions that say the same only the strongest stays.
    """

    def worth(one: Compared) -> float:
        return sign * one.marker.effect - SHARED * _rival(one, effects, sign)

    telling = [
        one
        for one in own
        if sign * one.marker.effect >= NOTABLE and one.marker.p < NOTABLE_P and not one.column.mute and _said(one, sign)
    ]
    ranked = sorted(telling, key=lambda one: (-round(worth(one), 6), one.column.question, one.column.answer))
    first: dict[str, Compared] = {}
    for one in ranked:
        first.setdefault(label(one.column).lower(), one)
    return list(first.values())


def _said(one: Compared, sign: int) -> bool:
    """Whether enough people give an answer for more or less of it to tell something."""
    marker = one.marker
    return marker.measure != "share" or (marker.value if sign > 0 else marker.total) >= SAID


def _between(telling: Sequence[Compared], effects: Effects, sign: int) -> bool:
    """Return whether answers in which a segment is above (sign 1) or below (-1) the others say little of it.

    They do where all are numbers and another segment lies at least twice as far the same way in each.
    """
    return all(not _plain(one) and sign * one.marker.effect < SHARED * _rival(one, effects, sign) for one in telling)


def _rival(one: Compared, effects: Effects, sign: int) -> float:
    """Return how far another segment is above (sign 1) or below (-1) the others in the same answer, 0 if none is."""
    others = (sign * effect for other, effect in effects[one.column].items() if other != one.segment)
    return max([0.0, *others])


def _candidates(
    answers: int,
    highs: Sequence[Compared],
    lows: Sequence[Compared],
    otherwise: str,
    words: Phrases,
    leading: bool,
    middle: str,
) -> Iterator[str]:
    """Yield names without end, the best first; those that are too long last. middle: comes before all, "" for none."""
    found = [_capital(name) for name in (*_overall(answers, highs, lows, words), *_made(highs, lows, words, leading))]
    found = [*filter(None, [middle]), *sorted(found, key=lambda name: len(name) > LONGEST), otherwise]
    yield from found
    yield from (f"{found[0]} ({number})" for number in count(2))


def _overall(answers: int, highs: Sequence[Compared], lows: Sequence[Compared], words: Phrases) -> Iterator[str]:
    """Yield what is said of people who are above or below the others nearly everywhere."""
    if answers >= ENOUGH_ANSWERS and len(highs) >= NEARLY_ALL * answers:
        yield words.everything.format(_inside(label(highs[0].column)))
    if answers >= ENOUGH_ANSWERS and len(lows) >= NEARLY_ALL * answers:
        yield words.nothing.format(_inside(label(lows[0].column)))


def _made(highs: Sequence[Compared], lows: Sequence[Compared], words: Phrases, leading: bool) -> Iterator[str]:
    denied = [_small(one, words) for one in lows[:2] if not _denies(one)]
    if not highs:
        yield from (_pair(lows[0], second, "{}, {}", words) for second in lows[1:2])
        yield from denied[:1]
        return
    ahead = len(highs) == 1 or highs[0].marker.effect >= AHEAD * highs[1].marker.effect
    first = leading and ahead and bool(highs[0].column.says)
    opening = words.first.format(_part(highs[0], words)) if first else _part(highs[0], words)
    more = [
        f"{opening}, {_small(second, words)}" if first else _pair(highs[0], second, words.both, words)
        for second in highs[1:3]
    ]
    less = [f"{opening}, {second}" for second in denied]
    yield from (*less, *more) if _outweighed(highs, lows) else (*more, *less)
    yield opening


def _outweighed(highs: Sequence[Compared], lows: Sequence[Compared]) -> bool:
    """Whether what a segment has less of says far more than the second thing it has more of."""
    if len(highs) < 2 or not lows:
        return False
    second = highs[1].marker.effect
    return second < MEDIUM and -lows[0].marker.effect >= 2 * second


def _pair(one: Compared, other: Compared, pattern: str, words: Phrases) -> str:
    """Return two answers that lie the same way; of two numbers the way is said once."""
    if _plain(one) or _plain(other):
        return pattern.format(_part(one, words), _small(other, words))
    way = words.above if one.marker.effect > 0 else words.below
    return way.format(words.both.format(label(one.column), _inside(label(other.column))))


def _small(one: Compared, words: Phrases) -> str:
    return _inside(_part(one, words), lone=_lone(one))


def _lone(one: Compared) -> bool:
    """Whether a single word is a common one; the answers to a closed question may be brands and towns."""
    return one.column.common or not one.column.says


def _denies(one: Compared) -> bool:
    """Whether an answer itself says what there is none of, and cannot be denied again."""
    return one.column.says.casefold().partition(" ")[0] in DENYING


def _part(one: Compared, words: Phrases) -> str:
    text = label(one.column)
    if one.marker.effect > 0:
        return text if _plain(one) else words.above.format(text)
    return _denied(_inside(text, lone=_lone(one)), words) if _plain(one) else words.below.format(text)


def _denied(text: str, words: Phrases) -> str:
    """Return a text denied; of one that denies something itself, what it denies."""
    no = words.denied.format("")
    return text[len(no) :] if text.startswith(no) and text != no else words.denied.format(text)


def _plain(one: Compared) -> bool:
    """Whether more of it means that people want or do it, and not that a number is higher."""
    return bool(one.column.says) or one.marker.measure == "share"


def _inside(part: str, *, lone: bool = True) -> str:
    """Return a part as it stands inside a name: small, unless it begins with a single letter or has more capitals.

    lone: whether a single word is made small as well, which a brand or a town is not.
    """
    first, title = part.split(maxsplit=1)[0] if part else "", part.partition(": ")[0]
    kept = len(first) < 2 or not title[:1].isupper() or not title[1:].islower() or (not lone and " " not in title)
    return part if kept else part[0].lower() + part[1:]


def _parts_of(name: str, words: Phrases) -> frozenset[str]:
    """Return the parts of a name in no order: "A and b" is the same name as "B and a"."""
    return frozenset(name.casefold().split(words.both.format("", "")))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
