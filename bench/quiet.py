"""Logs would drown the table, and are no part of what is measured."""

import logging

import structlog


def be_quiet() -> None:
    """Log warnings and worse alone, whatever the product sets up afterwards."""
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
