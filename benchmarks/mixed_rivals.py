"""Three customary ways to segment mixed answers, as their own packages do it.

Each gets the same table: text as ten principal components, marks as numbers, choices as categories. Missing numbers
become the column's mean and missing choices the most frequent one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from kmodes.kprototypes import KPrototypes
from numpy.typing import NDArray
from prince import FAMD
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from stepmix import StepMix

from models.features import Answers
from models.results import Ints

TEXT_DIMS, STARTS = 10, 3
NUMBERS = range(2, 9)


@dataclass(frozen=True)
class Table:
    """Answers side by side. numbers: (n, p) standard scores, NaN where there is none; choices: codes, -1 for none."""

    numbers: NDArray[np.float64]
    choices: Ints

    @property
    def filled(self) -> "Table":
        """The table with the mean and the most frequent choice in the gaps."""
        usual = [np.bincount(column[column >= 0]).argmax() for column in self.choices.T]
        return Table(np.nan_to_num(self.numbers), np.where(self.choices < 0, usual, self.choices))


def table(questions: Sequence[Answers]) -> Table:
    """Return open answers, batteries, single and multiple choices as one table."""
    numbers, choices = [], []
    for question in questions:
        if question.kind == "text":
            numbers.append(_components(question))
        elif question.kind == "battery":
            items = sorted({item for marks in question.values if marks for item in marks})
            numbers.append(np.array([[np.nan if m is None else m[item] for item in items] for m in question.values]))
        elif question.kind == "multi":
            picks = [[-1 if p is None else int(o in p) for o in question.options] for p in question.values]
            choices.append(np.array(picks))
        else:
            choices.append(pd.factorize(np.array(question.values, dtype=object), sort=True)[0][:, None])
    x = np.hstack(numbers).astype(np.float64)
    scores = (x - np.nanmean(x, axis=0)) / np.maximum(np.nanstd(x, axis=0), 1e-9)
    return Table(scores, np.hstack(choices).astype(np.int64))


def _components(question: Answers) -> NDArray[np.float64]:
    there = np.array([value is not None for value in question.values])
    vectors = np.asarray(question.vectors, dtype=np.float64)
    scores = np.full((len(there), TEXT_DIMS), np.nan)
    scores[there] = PCA(TEXT_DIMS, random_state=0).fit_transform(vectors[there])
    return scores


def k_prototypes(people: Table, k: int | None) -> Ints:
    """k-prototypes (Huang 1998), package kmodes; the number by the silhouette of its own dissimilarity."""
    full = people.filled
    x = np.hstack([full.numbers, full.choices.astype(np.float64)])
    where = list(range(full.numbers.shape[1], x.shape[1]))
    gamma = 0.5 * full.numbers.std()

    def fitted(number: int) -> Ints:
        model = KPrototypes(number, init="Cao", n_init=1, gamma=gamma, random_state=0)
        return np.asarray(model.fit_predict(x, categorical=where), dtype=np.int64)

    if k is not None:
        return fitted(k)
    numeric = ((full.numbers[:, None, :] - full.numbers[None]) ** 2).sum(axis=2)
    apart = numeric + gamma * (full.choices[:, None, :] != full.choices[None]).sum(axis=2)
    return _best([fitted(number) for number in NUMBERS], lambda one: silhouette_score(apart, one, metric="precomputed"))


def famd_k_means(people: Table, k: int | None) -> Ints:
    """k-means on ten components of factor analysis of mixed data (Pagès 2004), package prince; number by silhouette."""
    full = people.filled
    frame = pd.DataFrame(full.numbers, columns=[f"n{j}" for j in range(full.numbers.shape[1])])
    for j, column in enumerate(full.choices.T):
        frame[f"c{j}"] = pd.Series(column).map(lambda code: f"o{code}").astype("category")
    z = FAMD(n_components=10, n_iter=3, random_state=0).fit(frame).row_coordinates(frame).to_numpy(np.float64)

    def fitted(number: int) -> Ints:
        return np.asarray(KMeans(number, n_init=20, random_state=0).fit_predict(z), dtype=np.int64)

    if k is not None:
        return fitted(k)
    return _best([fitted(number) for number in NUMBERS], lambda one: silhouette_score(z, one))


def latent_classes(people: Table, k: int | None) -> Ints:
    """Latent classes, package stepmix: numbers with a spread of their own in every class, as is its default."""
    return _latent(people, k, "gaussian_diag")


def even_latent_classes(people: Table, k: int | None) -> Ints:
    """Latent classes, package stepmix: numbers with one spread per class, which small samples bear better."""
    return _latent(people, k, "gaussian_spherical")


def _latent(people: Table, k: int | None, numbers: str) -> Ints:
    """The number by BIC, from k-means starts, which need the gaps filled; its random starts on gaps did far worse."""
    full = people.filled
    frame = pd.DataFrame(np.hstack([full.numbers, full.choices]))
    measurement = {
        "numbers": {"model": numbers, "n_columns": full.numbers.shape[1]},
        "choices": {"model": "categorical", "n_columns": full.choices.shape[1]},
    }
    common = {"n_init": STARTS, "init_params": "kmeans", "max_iter": 200, "abs_tol": 1e-3, "rel_tol": 1e-5}
    models = [
        StepMix(number, measurement=measurement, random_state=0, progress_bar=0, **common).fit(frame)
        for number in ([k] if k is not None else NUMBERS)
    ]
    return np.asarray(min(models, key=lambda model: model.bic(frame)).predict(frame), dtype=np.int64)


def _best(tried: Sequence[Ints], score: Callable[[Ints], float]) -> Ints:
    return max(tried, key=lambda labels: score(labels) if labels.min() < labels.max() else -1.0)


RIVALS: Mapping[str, Callable[[Table, int | None], Ints]] = {
    "k-prototypes": k_prototypes,
    "FAMD and k-means": famd_k_means,
    "latent classes": latent_classes,
    "latent classes, one spread": even_latent_classes,
}
