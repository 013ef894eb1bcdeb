"""Evidence in words a marketer reads."""

from models.results import Evidence, Verdict

TOO_FEW = 20
"""With fewer answers nothing is said about groups."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(number: int) -> str:
    """The number as a word up to twelve, else in digits."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def plain_number(value: float) -> str:
    """Return a number in three digits, or in all of its whole ones.

    >>> plain_number(3.14159), plain_number(0.0012), plain_number(36012.7)
    ('3.14', '0.0012', '36,013')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def verdict_sentence(verdict: Verdict, k: int, again: float, shaky: int, structured: bool) -> str:
    """The verdict on k groups.

    again: share of resamples in which a group is found again. shaky: groups with a mean overlap below .6.
    structured: whether the answers separate better than answers without groups.
    """
    groups = f"{number_word(k).capitalize()} group{'' if k == 1 else 's'}"
    if verdict == "none" and k == 1:
        return "These answers show no groups: they look the same as answers in which nobody belongs together."
    if verdict == "none":
        return f"{groups}, as asked for, but these answers show no groups of their own: read them as one."
    if verdict == "constructive" and structured:
        return (
            f"{groups} as a convenience: the answers do form clumps, but where these are cut is arbitrary "
            f"(found again in {round(10 * again)} of 10 resamples)."
        )
    if verdict == "constructive":
        return (
            f"{groups} as a convenience: answers without any groups could be cut this well too, "
            "so use them to sort the answers, not as proof of types of people."
        )
    weak = "" if not shaky else f"; {number_word(shaky)} of them {'is' if shaky == 1 else 'are'} shaky"
    return f"{groups}, found again in {round(10 * again)} of 10 resamples{weak}."


def phrases_sentence(k: int) -> str:
    """The verdict on k groups that separate no better than answers whose phrases are dealt out at random."""
    return (
        f"{number_word(k).capitalize()} groups as a convenience: single phrases that many share set them apart, and "
        "answers with these phrases dealt out at random could be cut this well too."
    )


def too_few(n: int) -> Evidence:
    """Evidence that says there are too few answers to speak of groups."""
    answers = "1 answer is" if n == 1 else f"{n} answers are"
    return Evidence("none", f"{answers} too few to speak of groups: read them one by one.", n=n, n_total=n)


def merged_note(gone: int) -> str:
    """Say how many groups were too small to stay.

    >>> merged_note(1)
    'One group was too small and joined a neighbour.'
    """
    groups = "One group was" if gone == 1 else f"{number_word(gone).capitalize()} groups were"
    return f"{groups} too small and joined a neighbour."


def fewer_note(wanted: int, given: int) -> str:
    """Say that fewer groups are given because of more some would be too small.

    >>> fewer_note(4, 3)
    'With four groups one would be too small, so there are three.'
    """
    there = "there is one" if given == 1 else f"there are {number_word(given)}"
    return f"With {number_word(wanted)} groups one would be too small, so {there}."


def size_notes(n: int) -> tuple[str, ...]:
    """Warnings about a small sample (METHODS 4: agreement of k-means on n of 1,453 people with that on all)."""
    if n >= 400:
        return ()
    known = {50: 0.58, 100: 0.74, 200: 0.82}
    size = max((size for size in known if size <= n), default=50)
    least = "less than" if n < 50 else "about"
    answers = "1 answer" if n == 1 else f"{n} answers"
    return (
        f"Small sample ({answers}): in a survey of 1,453 people, groups found from {size} of them agreed {least} "
        f"{known[size]:.2f} with those found from all (1 is full agreement). Read sizes and borders as rough.",
    )
