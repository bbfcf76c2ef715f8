"""Where the marks of a plot lie: pure geometry in whole units of the drawing, for `components/plots.html`.

Values are whole numbers of one unit (tickets, minutes, cents); none is a gap. `columns`, `lines`, `ranking` and `heat`
make a `Plot`, which carries its table and a sentence for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

WIDTH = 400
HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 14, 30
ROW_HEIGHT = 40
CELL_HEIGHT = 22
MOST_TICKS = 5
MOST_LABELS = 6
LEVELS = 4
SERIES_STYLES = 3

ValueText = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Series:
    """Values over the same labels; none where there is nothing to say."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Words on the drawing; `anchor` is start, middle or end."""

    x: int
    y: int
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `style` is the number of its series or, in a heat map, of its level."""

    x: int
    y: int
    width: int
    height: int
    style: int
    words: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """One unbroken piece of a line, as the points of a polyline."""

    points: str
    style: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A value on a line."""

    x: int
    y: int
    style: int
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, its words and its table. `key` names it inside a page; without marks there was nothing to draw."""

    key: str
    title: str
    sentence: str
    height: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()
    zero: int | None = None
    texts: tuple[Text, ...] = ()
    bars: tuple[Bar, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[Dot, ...] = ()
    is_heat: bool = False
    width: int = WIDTH
    left: int = LEFT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not (self.bars or self.dots)


@dataclass(frozen=True, slots=True)
class Scale:
    """The value axis: from `low` to `high`, both ticks, low at the bottom of the drawing."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        """The values that are written at the axis."""
        return range(self.low, self.high + 1, self.step)

    def y(self, value: int) -> int:
        """This will return how far from the top a value lies."""
        depth = HEIGHT - TOP - BOTTOM
        return TOP + depth - round_half_up((value - self.low) * depth, self.high - self.low)


def round_half_up(amount: int, parts: int) -> int:
    """This will divide whole numbers and round to the nearest, halves up."""
    return (2 * amount + parts) // (2 * parts)


def scale_for(values: Sequence[int], *, grain: int = 1) -> Scale:
    """This will return an axis that holds zero and all values, with 1 to 5 steps of 1, 2 or 5 times a power of ten.

    :param grain: the least step that reads well: 60 for minutes shown as hours, 100 for cents shown as dollars
    """
    low, high = min([0, *values]), max([0, *values])
    step = _step(high - low, grain)
    return Scale(low // step * step, max(-(-high // step), 1 if low == 0 else 0) * step, step)


def columns(
    key: str,
    title: str,
    *,
    labels: Sequence[str],
    series: Sequence[Series],
    value_text: ValueText = str,
    grain: int = 1,
    first_header: str = "When",
) -> Plot:
    """This will draw upright bars, side by side where there are several series."""
    scale = scale_for(_values(series), grain=grain)
    slot = _slot(labels)
    thickness = max(1, slot * 7 // 10 // max(1, len(series)))
    bars = tuple(
        _column(scale, _left(place, labels) + slot * 15 // 100 + number * thickness, thickness, value, number, words)
        for number, each in enumerate(series)
        for place, value in enumerate(each.values)
        if value is not None
        for words in (f"{labels[place]}, {each.name}: {value_text(value)}",)
    )
    frame = _frame(key, title, labels, series, scale, value_text, first_header)
    return replace(frame, bars=bars if any(bar.height for bar in bars) else ())


def lines(
    key: str,
    title: str,
    *,
    labels: Sequence[str],
    series: Sequence[Series],
    value_text: ValueText = str,
    grain: int = 1,
    first_header: str = "When",
) -> Plot:
    """This will draw a line for each series, broken where a value is missing."""
    scale = scale_for(_values(series), grain=grain)
    dots = tuple(
        Dot(_middle(place, labels), scale.y(value), number % SERIES_STYLES, words)
        for number, each in enumerate(series)
        for place, value in enumerate(each.values)
        if value is not None
        for words in (f"{labels[place]}, {each.name}: {value_text(value)}",)
    )
    strokes = tuple(
        Stroke(piece, number % SERIES_STYLES)
        for number, each in enumerate(series)
        for piece in _pieces([_point(place, value, labels, scale) for place, value in enumerate(each.values)])
    )
    frame = _frame(key, title, labels, series, scale, value_text, first_header)
    return replace(frame, dots=dots, strokes=strokes)


def ranking(
    key: str,
    title: str,
    *,
    items: Sequence[tuple[str, int]],
    value_text: ValueText = str,
    headers: tuple[str, str] = ("What", "How many"),
) -> Plot:
    """This will draw one lying bar for each named item, in the order given; values are not negative."""
    most = max((value for _name, value in items), default=0)
    shown = items if most else ()
    rows = [(number * ROW_HEIGHT, name, value) for number, (name, value) in enumerate(shown)]
    return Plot(
        key=key,
        title=title,
        sentence=_ranking_sentence(shown, value_text),
        height=max(1, len(rows)) * ROW_HEIGHT,
        headers=headers,
        rows=tuple((name, value_text(value)) for name, value in items),
        texts=tuple(Text(0, y + 14, name, "start") for y, name, _value in rows)
        + tuple(Text(WIDTH, y + 14, value_text(value), "end") for y, _name, value in rows),
        bars=tuple(
            Bar(0, y + 20, round_half_up(value * WIDTH, most), 12, 0, f"{name}: {value_text(value)}")
            for y, name, value in rows
        ),
    )


def heat(
    key: str,
    title: str,
    *,
    row_names: Sequence[str],
    column_names: Sequence[str],
    values: Sequence[Sequence[int]],
    first_header: str,
    value_text: ValueText = str,
) -> Plot:
    """This will draw a field of cells, darker where there is more; values are not negative, one row for each name."""
    most = max((value for row in values for value in row), default=0)
    width = (WIDTH - LEFT) // max(1, len(column_names))
    cells = [(number, place, value) for number, row in enumerate(values) for place, value in enumerate(row)]
    return Plot(
        key=key,
        title=title,
        sentence=_heat_sentence(row_names, column_names, values, most, value_text),
        height=len(row_names) * CELL_HEIGHT + BOTTOM,
        headers=(first_header, *column_names),
        rows=tuple((row_names[n], *(value_text(value) for value in row)) for n, row in enumerate(values)),
        texts=tuple(Text(0, n * CELL_HEIGHT + 15, name, "start") for n, name in enumerate(row_names))
        + tuple(
            Text(LEFT + place * width + width // 2, len(row_names) * CELL_HEIGHT + 18, column_names[place])
            for place in _shown_labels(column_names)
        ),
        bars=tuple(
            Bar(
                LEFT + place * width, number * CELL_HEIGHT + 1, width - 1, CELL_HEIGHT - 2, _level(value, most),
                f"{row_names[number]}, {column_names[place]}: {value_text(value)}",
            )
            for number, place, value in cells
        ) if most else (),
        is_heat=True,
    )  # fmt: skip


def _frame(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    scale: Scale,
    value_text: ValueText,
    first_header: str,
) -> Plot:
    ticks = [Text(LEFT - 8, scale.y(value) + 4, value_text(value), "end") for value in scale.ticks]
    below = [Text(_middle(place, labels), HEIGHT - 8, labels[place]) for place in _shown_labels(labels)]
    return Plot(
        key=key,
        title=title,
        sentence=_sentence(labels, series, value_text),
        height=HEIGHT,
        headers=(first_header, *(each.name for each in series)),
        rows=tuple(
            (label, *(_cell(each.values[place], value_text) for each in series)) for place, label in enumerate(labels)
        ),
        legend=tuple(each.name for each in series) if len(series) > 1 else (),
        rules=tuple(scale.y(value) for value in scale.ticks),
        zero=scale.y(0),
        texts=(*ticks, *below),
    )


def _cell(value: int | None, value_text: ValueText) -> str:
    return "–" if value is None else value_text(value)


def _point(place: int, value: int | None, labels: Sequence[str], scale: Scale) -> tuple[int, int] | None:
    return None if value is None else (_middle(place, labels), scale.y(value))


def _column(scale: Scale, x: int, width: int, value: int, style: int, words: str) -> Bar:
    top, foot = sorted((scale.y(value), scale.y(0)))
    return Bar(x, top, width, foot - top, style % SERIES_STYLES, words)


def _values(series: Sequence[Series]) -> list[int]:
    return [value for each in series for value in each.values if value is not None]


def _step(span: int, grain: int) -> int:
    power = 1
    while 5 * grain * power * MOST_TICKS < span:
        power *= 10
    return next(step for factor in (1, 2, 5) if (step := factor * grain * power) * MOST_TICKS >= span)


def _slot(labels: Sequence[str]) -> int:
    return (WIDTH - LEFT - RIGHT) // max(1, len(labels))


def _left(place: int, labels: Sequence[str]) -> int:
    return LEFT + place * (WIDTH - LEFT - RIGHT) // max(1, len(labels))


def _middle(place: int, labels: Sequence[str]) -> int:
    return _left(place, labels) + _slot(labels) // 2


def _shown_labels(labels: Sequence[str]) -> range:
    return range(0, len(labels), max(1, -(-len(labels) // MOST_LABELS)))


def _pieces(points: Sequence[tuple[int, int] | None]) -> list[str]:
    runs = (list(run) for present, run in groupby(points, key=lambda point: point is not None) if present)
    return [" ".join(f"{point[0]},{point[1]}" for point in run if point) for run in runs if len(run) > 1]


def _level(value: int, most: int) -> int:
    return -(-value * LEVELS // most)


def _sentence(labels: Sequence[str], series: Sequence[Series], value_text: ValueText) -> str:
    told = [_extremes(labels, each, value_text) for each in series if any(v is not None for v in each.values)]
    return " ".join(told) or "There is nothing to draw for this time."


def _extremes(labels: Sequence[str], series: Series, value_text: ValueText) -> str:
    known = [(value, place) for place, value in enumerate(series.values) if value is not None]
    low, high = min(known, key=lambda pair: pair[0]), max(known, key=lambda pair: pair[0])
    if low[0] == high[0]:
        return f"{series.name}: {value_text(low[0])} throughout."
    return f"{series.name}: from {value_text(low[0])} ({labels[low[1]]}) to {value_text(high[0])} ({labels[high[1]]})."


def _ranking_sentence(items: Sequence[tuple[str, int]], value_text: ValueText) -> str:
    told = [f"{name} {value_text(value)}" for name, value in items]
    return f"{', '.join(told)}." if told else "There is nothing to draw for this time."


def _heat_sentence(
    row_names: Sequence[str],
    column_names: Sequence[str],
    values: Sequence[Sequence[int]],
    most: int,
    value_text: ValueText,
) -> str:
    if not most:
        return "There is nothing to draw for this time."
    number, row = next((number, row) for number, row in enumerate(values) if most in row)
    return f"The most is {value_text(most)}: {row_names[number]}, {column_names[list(row).index(most)]}."
