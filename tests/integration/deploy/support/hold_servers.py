"""Starts both servers over a folder, says their numbers, and waits to be killed."""

import sys
import threading
import time
from pathlib import Path

from deploy.embedded import Servers


def hold() -> None:
    with Servers(Path(sys.argv[1]), durable=False) as servers:
        sys.stdout.write(f"{servers.postgres.pid} {servers.redis.pid}\n")
        sys.stdout.flush()
        time.sleep(600)


if sys.argv[2] == "main":
    hold()
else:
    threading.Thread(target=hold).start()
