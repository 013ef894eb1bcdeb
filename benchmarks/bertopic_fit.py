"""BERTopic with its default settings on one CSV of answers: `python -m benchmarks.bertopic_fit FILE EMBEDDER`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from numpy.typing import NDArray

from data.studies import Home
from models.embed import load_embedder
from survey.settings import Settings


class OurEmbedder(BaseEmbedder):
    """Hands BERTopic the vectors that `segment` uses, made the same way."""

    def embed(self, documents: Sequence[str], verbose: bool = False) -> NDArray[np.float32]:
        return self.embedding_model.encode(list(documents))


def main(file: Path, spec: str) -> None:
    texts = pd.read_csv(file, dtype=str, keep_default_na=False)["text"].tolist()
    embedder = load_embedder(spec, Home(Settings.from_env().home).weights_path)
    topics, _ = BERTopic(embedding_model=OurEmbedder(embedder)).fit_transform(texts)
    print(f"{len(set(topics) - {-1})} topics, {sum(topic == -1 for topic in topics)} outliers")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
