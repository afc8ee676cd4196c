"""Makes src/report/flows/world.txt: coastlines, borders and one point a country.

Source: Natural Earth (public domain) as the npm package `world-atlas` 2.0.2
holds it, TopoJSON of 1:50m. Needs Python and the package `pycountry` for the
codes:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 benches/map/make_world.py package/countries-50m.json > src/report/flows/world.txt

Projection: Equal Earth (Savric, Patterson, Jenny 2018), 3600 units wide, cut at
169.5 degrees west so that Asia stays whole. Arcs are simplified one by one
(Douglas-Peucker), so that neighbours keep their common border; rings of less
than SMALLEST square units are left out.
"""

import json
import math
import sys

import pycountry

TOLERANCE = 1.0
SMALLEST = 12.0
WIDTH = 3600.0
CUT = -169.5


def project(lon, lat):
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    lon = (lon - CUT) % 360 - 180
    t2 = theta * theta
    t6 = t2**3
    d = 9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(theta) / (3 * d)
    y = a4 * t6 * t2 * theta + a3 * t6 * theta + a2 * t2 * theta + a1 * theta
    scale = WIDTH / (2 * 2.70663)
    return x * scale + WIDTH / 2, 1.3175 * scale - y * scale


def decode(topology):
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        yield points


def simplify(points, tolerance):
    if len(points) < 3:
        return points
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        a, b = todo.pop()
        (ax, ay), (bx, by) = points[a], points[b]
        length = math.hypot(bx - ax, by - ay)
        worst, at = 0.0, None
        for i in range(a + 1, b):
            px, py = points[i]
            if length < 1e-9:
                away = math.hypot(px - ax, py - ay)
            else:
                away = abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
            if away > worst:
                worst, at = away, i
        if at is not None and worst > tolerance:
            keep.add(at)
            todo += [(a, at), (at, b)]
    return [points[i] for i in sorted(keep)]


def area(ring):
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1])) / 2


def centre(ring):
    size = area(ring)
    if abs(size) < 1e-9:
        return ring[0]
    x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        cross = ax * by - bx * ay
        x, y = x + (ax + bx) * cross, y + (ay + by) * cross
    return x / (6 * size), y / (6 * size)


def path(points, closed):
    whole = [(round(x), round(y)) for x, y in points]
    out, (px, py) = f"M{whole[0][0]} {whole[0][1]}", whole[0]
    steps = []
    for x, y in whole[1:]:
        if (x, y) != (px, py):
            dx, dy = x - px, y - py
            steps.append(f"{dx}{'' if dy < 0 else ' '}{dy}")
            px, py = x, y
    if closed and steps and whole[-1] == whole[0]:
        steps.pop()
    joined = ""
    for step in steps:
        joined += ("" if not joined or step.startswith("-") else " ") + step
    return out + ("l" + joined if joined else "") + ("z" if closed else "")


def split_at_cut(points):
    """Lines that jump across the cut are broken there."""
    runs = [[points[0]]]
    for before, after in zip(points, points[1:]):
        if abs(before[0] - after[0]) > WIDTH / 2:
            runs.append([])
        runs[-1].append(after)
    return [run for run in runs if len(run) > 1]


def main():
    topology = json.load(open(sys.argv[1], encoding="utf-8"))
    raw = list(decode(topology))
    full = [[project(*p) for p in arc] for arc in raw]
    lean = [simplify(arc, TOLERANCE) for arc in full]

    def ring_of(indexes, arcs):
        ring = []
        for index in indexes:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            ring += arc if not ring else arc[1:]
        return ring

    def polygons(geometry):
        kind = geometry.get("type")
        if kind == "Polygon":
            return [geometry["arcs"]]
        return geometry["arcs"] if kind == "MultiPolygon" else []

    land = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in polygons(geometry):
            for indexes in polygon:
                whole = ring_of(indexes, lean)
                for run in split_at_cut(whole):
                    lats = [y for _, y in run]
                    if abs(area(run)) >= SMALLEST and min(lats) < 1500:
                        land.append(path(run, True))
    uses = {}
    points = {}
    for number, geometry in enumerate(topology["objects"]["countries"]["geometries"]):
        rings = []
        for polygon in polygons(geometry):
            rings.append(ring_of(polygon[0], full))
            for indexes in polygon:
                for index in indexes:
                    uses.setdefault(index if index >= 0 else ~index, set()).add(number)
        country = pycountry.countries.get(numeric=geometry.get("id", ""))
        if country and rings:
            x, y = centre(max(rings, key=lambda ring: abs(area(ring))))
            points[country.alpha_2] = (round(x), round(y))
    borders = [
        path(run, False)
        for index, users in sorted(uses.items())
        if len(users) > 1
        for run in split_at_cut(lean[index])
    ]
    # Where a centre of area would mislead: France with Guiana, the European
    # part of Russia where its trade goes, and the seat of the European Union.
    points["FR"] = tuple(round(v) for v in project(2.5, 46.6))
    points["RU"] = tuple(round(v) for v in project(44.0, 56.0))
    points["XK"] = tuple(round(v) for v in project(20.9, 42.6))
    points["EU"] = tuple(round(v) for v in project(4.4, 50.8))
    print("# Coastlines, borders and a point a country. Equal Earth, 3600 units wide, cut at 169.5 W.")
    print("# Source: Natural Earth 1:50m (public domain), from the npm package world-atlas 2.0.2.")
    print("# Made by benches/map/make_world.py.")
    print("land " + "".join(land))
    print("borders " + "".join(borders))
    for code, (x, y) in sorted(points.items()):
        print(f"{code} {x} {y}")


main()
