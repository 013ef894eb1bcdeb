"""Groups from closed answers: k-means on blocks and latent classes, with their null models."""
