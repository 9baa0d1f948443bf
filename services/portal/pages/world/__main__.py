"""`python -m services.portal.pages.world BOUNDARIES.toml > map.json`: the map of an instance's boundaries, as its packs carry it."""

import sys
from pathlib import Path

from services.portal.pages.world import carried, drawn

if __name__ == "__main__":
    sys.stdout.write(carried(drawn(Path(sys.argv[1]))))
