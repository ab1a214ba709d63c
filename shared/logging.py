"""One line for each request and event, on standard output; JSON unless a person looks."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(service: str) -> None:
    """Set up structlog once for a process; the standard library's loggers join in."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    look: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if sys.stdout.isatty():
        look = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, look],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=look)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
