"""What the methods that find segments are called. Light on purpose: pages name them without loading them."""

from collections.abc import Mapping

METHOD_NAMES: Mapping[str, str] = {
    "plain": "k-means, every question of equal weight",
    "view": "k-means on the main directions of the answers",
    "mixture": "Gaussian mixture on the main directions of the answers",
    "classes": "latent classes of all answers",
    "consensus": "consensus of k-means, mixtures and latent classes",
}
"""By key of models.closed.methods.METHODS, as a marketer reads them."""

SHORT_NAMES: Mapping[str, str] = {
    "plain": "plain k-means",
    "view": "k-means",
    "mixture": "Gaussian mixture",
    "classes": "latent classes",
    "consensus": "consensus",
}
"""By the same keys, as a button names them."""
