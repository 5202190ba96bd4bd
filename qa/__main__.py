"""`python -m qa` is the command `wenju`."""

import sys

from qa.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
