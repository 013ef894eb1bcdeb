"""Write the packaged line between the levels anew: `python -m survey.conversation.probes.fit`."""

from importlib.resources import files
from pathlib import Path

from survey.conversation.probes.levels import PACKAGED, fit_levels, made_from
from survey.conversation.probes.meaning import packaged_encoder


def main() -> None:
    """Read all exemplars with the packaged model and write what they give."""
    import numpy as np

    levels = fit_levels(packaged_encoder())
    path = Path(str(files("data").joinpath(*PACKAGED)))
    np.savez(path, centre=levels.centre, weights=levels.weights, made_from=np.array(made_from()))


if __name__ == "__main__":
    main()
