# SPDX-License-Identifier: Apache-2.0
"""Small line plots as SVG, both axes logarithmic, with nothing but the standard library."""

import html
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 300, 64, 120, 34, 44
COLORS = ("#2563eb", "#dc2626", "#059669", "#9333ea", "#d97706")


def _ticks(low, high):
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def _number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


class _Axis:
    def __init__(self, values, start, length):
        ticks = _ticks(min(values), max(values))
        if len(ticks) == 1:
            ticks.append(ticks[0] * 10)
        self.ticks, self.start, self.length = ticks, start, length
        self.low, self.span = math.log10(ticks[0]), math.log10(ticks[-1]) - math.log10(ticks[0])

    def at(self, value):
        return self.start + self.length * (math.log10(value) - self.low) / self.span


def plot(title, x_label, y_label, lines):
    """`lines`: name → [(x, y), …], all above zero. The dashed grey line is what linear growth from
    the largest first point would be."""
    points = [p for line in lines.values() for p in line]
    x = _Axis([p[0] for p in points], LEFT, WIDTH - LEFT - RIGHT)
    y = _Axis([p[1] for p in points], HEIGHT - BOTTOM, -(HEIGHT - TOP - BOTTOM))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="sans-serif" font-size="11">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{html.escape(title)}</text>']
    for tick in x.ticks:
        out.append(f'<path d="M{x.at(tick):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e5e7eb"/>'
                   f'<text x="{x.at(tick):.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">'
                   f'{_number(tick)}</text>')
    for tick in y.ticks:
        out.append(f'<path d="M{LEFT} {y.at(tick):.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
                   f'<text x="{LEFT - 6}" y="{y.at(tick) + 4:.1f}" text-anchor="end">'
                   f'{_number(tick)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">'
               f'{html.escape(x_label)}</text><text x="14" y="{(TOP + HEIGHT - BOTTOM) / 2:.0f}" '
               f'text-anchor="middle" transform="rotate(-90 14 {(TOP + HEIGHT - BOTTOM) / 2:.0f})">'
               f'{html.escape(y_label)}</text>')
    first = max((line[0] for line in lines.values()), key=lambda p: p[1])
    reach = min(10 ** (x.low + x.span), 10 ** (y.low + y.span) / first[1] * first[0])
    out.append(f'<path d="M{x.at(first[0]):.1f} {y.at(first[1]):.1f}L{x.at(reach):.1f} '
               f'{y.at(first[1] * reach / first[0]):.1f}" stroke="#9ca3af" fill="none" '
               'stroke-dasharray="4 3"/>')
    for number, (name, line) in enumerate(lines.items()):
        color = COLORS[number % len(COLORS)]
        path = "L".join(f"{x.at(a):.1f} {y.at(b):.1f}" for a, b in line)
        out.append(f'<path d="M{path}" stroke="{color}" stroke-width="2" fill="none"/>')
        out += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="3" fill="{color}"/>'
                for a, b in line]
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{TOP + 12 + 16 * number}" fill="{color}">'
                   f'{html.escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"
