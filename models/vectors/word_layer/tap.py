"""Listens to one layer of a model while it reads. Importing this module loads torch."""

from threading import local
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from models.vectors.space_map import Matrix


class Tap:
    """What a layer of a sentence-transformers model gave for the last batch of each thread.

    Raises ValueError for a model without such a layer (BERT, MPNet and their kind number theirs).
    """

    def __init__(self, model: SentenceTransformer, layer: int) -> None:
        self._heard = local()
        ending = f"encoder.layer.{layer - 1}"
        tapped = next((module for name, module in model.named_modules() if name.endswith(ending)), None)
        if tapped is None:
            raise ValueError(f"The model has no layer {layer} to listen to: name one that it has.")
        tapped.register_forward_hook(self._hear)

    def mean(self, mask: torch.Tensor) -> Matrix:
        """Return the layer's mean (n, d) for the batch just read, over the word pieces that `mask` (n, l) keeps."""
        kept = mask[:, :, None].float()
        return ((self._heard.states.float() * kept).sum(dim=1) / kept.sum(dim=1)).cpu().numpy()

    def _hear(self, module: torch.nn.Module, given: Any, made: Any) -> None:
        self._heard.states = made[0] if isinstance(made, tuple) else made
