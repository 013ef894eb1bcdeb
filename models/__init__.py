"""The numeric core: arrays and frames in, dataclasses out."""

import os

# The threads of torch and scikit-learn otherwise spin while they wait for each other, and stall as soon as another
# process wants their core. OpenMP reads this once, when the first of those libraries is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
