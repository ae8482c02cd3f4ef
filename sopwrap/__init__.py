"""sopwrap: carries out an office's written backup and restore SOPs, and proves that it did."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("sopwrap")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"
