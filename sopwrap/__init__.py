"""sopwrap: carries out an office's written backup and restore SOPs, and proves that it did."""


def __getattr__(name: str) -> str:
    """Look the version up only when somebody asks: reading package metadata costs every command 0.05 s."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sopwrap")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+unknown"
