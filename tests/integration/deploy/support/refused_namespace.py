"""`deploy/guard.py` on a machine that allows no user namespace."""

import sys
from pathlib import Path

# Started by itself and without the environment's paths, as the guard is.
sys.path.insert(0, str(Path(__file__).parents[4]))

from deploy import guard

guard.may_have_a_namespace = lambda: False
guard.main()
