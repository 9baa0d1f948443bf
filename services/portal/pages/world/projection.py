"""The Equal Earth projection (Šavrič, Patterson, Jenny 2018): areas keep their proportion, so that no country looks more than it is."""

from math import asin, cos, radians, sin, sqrt

WIDTH = 10_000
"""Units from 180° west to 180° east; ten of them are a pixel on a map 1,000 pixels wide."""
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
ROOT = sqrt(3) / 2


def _reach(theta: float) -> tuple[float, float]:
    """(half the width of the world, distance from the equator) at a parametric latitude, in radii."""
    square = theta * theta
    sixth = square * square * square
    across = ROOT * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square))
    return cos(theta) / across, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


UNIT = WIDTH / (2 * radians(180) * _reach(0)[0])
HEIGHT = 2 * UNIT * _reach(asin(ROOT))[1]
"""Units from the south pole to the north pole."""


def placed(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees east and north -> units from the map's north-western corner, eastwards and southwards."""
    half, up = _reach(asin(ROOT * sin(radians(latitude))))
    return WIDTH / 2 + UNIT * radians(longitude) * half, HEIGHT / 2 - UNIT * up
