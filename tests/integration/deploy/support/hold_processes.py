"""Starts a process under supervision, says its number, and waits to be killed."""

import sys
import time
from pathlib import Path

from deploy.processes import Processes
from deploy.topology import Process

port = int(sys.argv[2])
command = (sys.executable, "-m", "uvicorn", "--app-dir", str(Path(__file__).parent), "tiny:app")
tiny = Process(name="tiny", command=command, environment={"UVICORN_PORT": str(port)}, port=port)
with Processes([tiny], Path(sys.argv[1])) as processes:
    processes.wait_ready()
    if sys.argv[3] == "again":
        first = processes.pid("tiny")
        processes.kill("tiny")
        while processes.pid("tiny") in {None, first}:
            time.sleep(0.01)
        processes.wait_ready()
    sys.stdout.write(f"{processes.pid('tiny')}\n")
    sys.stdout.flush()
    time.sleep(600)
