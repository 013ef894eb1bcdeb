"""Do groups rest on more than single phrases? Answers whose phrases are dealt out anew are the yardstick."""

import numpy as np
from numpy.typing import NDArray

from models.evidence import Null, null_search
from models.groups.canonical import Rows
from models.groups.reduce import Space, principal_space
from models.groups.segment_settings import SegmentSettings
from models.progress import Progress
from models.results import Ints
from models.stability import shuffled_columns, structureless


def phrase_null(
    rows: Rows,
    people: Ints,
    space: Space,
    wording: int,
    ks: tuple[int, ...],
    settings: SegmentSettings,
    progress: Progress,
) -> Null:
    """Return the search on answers in which neither meaning nor phrases go together; without stability.

    A phrase that many share is a hump of one column, which no Gaussian has. So the last `wording` columns are shuffled
    one by one among the people of each language, beside Gaussian rows with the covariance of the columns before them.
    people: int (n,), the row of each person. space: whose means of the languages are taken out.
    """
    tongues = np.full(len(people), "") if rows.languages is None else rows.languages[people]
    centred = space.centred(rows.vectors[people], tongues)
    everybody = np.ones(len(people))
    meaning, phrases = centred[:, :-wording], centred[:, -wording:]
    scores = principal_space(meaning, everybody, None, settings.components).project(meaning)

    def nobody(rng: np.random.Generator) -> NDArray[np.float64]:
        dealt = np.empty_like(phrases)
        for tongue in np.unique(tongues):
            mine = tongues == tongue
            dealt[mine] = shuffled_columns(phrases[mine], rng)
        made = np.hstack([structureless(scores, everybody, rng), dealt])
        return principal_space(made, everybody, None, settings.components).project(made)

    return null_search(nobody, ks, settings.dims, settings.null_sets, 0, (settings.seed, 8), progress)
