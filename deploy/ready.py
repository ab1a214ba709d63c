"""The health check of a container: asks the process in it whether it is ready."""

import os
import sys
from urllib.request import urlopen


def main() -> None:
    address = f"http://127.0.0.1:{os.environ.get('UVICORN_PORT', '8000')}/health/ready"
    try:
        with urlopen(address, timeout=2):
            sys.exit(0)
    except OSError as error:
        sys.exit(f"not ready: {error}")


if __name__ == "__main__":
    main()
