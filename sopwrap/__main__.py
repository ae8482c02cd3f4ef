"""``python -m sopwrap`` is the same as ``sopwrap``."""

from sopwrap.cli import main

if __name__ == "__main__":
    main()
