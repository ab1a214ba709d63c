"""What a service's ``main.py`` is written with."""

from .api import create_api as create_api
from .heap import kept as kept
from .hearing import Hearing as Hearing
from .service import Service as Service
from .worker import create_worker as create_worker
