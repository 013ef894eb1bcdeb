"""One SegmentationRuns per process, so that every rerun of every page shares one engine."""

import atexit
import threading

from data.studies import Home
from models.engine import Engine
from survey.analysis.segmentation import SegmentationRuns
from survey.settings import Settings

_services: dict[Settings, SegmentationRuns] = {}
_lock = threading.Lock()


def get_service(settings: Settings) -> SegmentationRuns:
    """Return the segmentations of this process for these settings; its worker starts with the first run."""
    with _lock:
        if settings not in _services:
            service = SegmentationRuns(Home(settings.home), Engine(settings.scheduler), settings.embedder)
            atexit.register(service.close)
            _services[settings] = service
        return _services[settings]
