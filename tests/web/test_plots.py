"""Plots: every mark lies inside its drawing, in proportion to its value, and the numbers stand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jinja2 import Environment, FileSystemLoader

from migrator.web.plots import HEIGHT, WIDTH, Plot, Series, columns, heat, lines, ranking, scale_for

TEMPLATES = Path(__file__).parents[2] / "templates"
VALUES = some.lists(some.none() | some.integers(-(10**9), 10**9), min_size=1, max_size=60)


def series_of(values: list[int | None]) -> tuple[list[str], list[Series]]:
    return [f"week {number}" for number, _ in enumerate(values)], [Series("Answers", tuple(values))]


@pytest.mark.parametrize(
    ("values", "grain", "ticks"),
    [
        ([], 1, [0, 1]),
        ([0, 0], 1, [0, 1]),
        ([3], 1, [0, 1, 2, 3]),
        ([7], 1, [0, 2, 4, 6, 8]),
        ([48], 1, [0, 10, 20, 30, 40, 50]),
        ([130], 60, [0, 60, 120, 180]),
        ([1_204_10], 100, [0, 50_000, 100_000, 150_000]),
        ([-30, 80], 1, [-50, 0, 50, 100]),
        ([-7], 1, [-8, -6, -4, -2, 0]),
    ],
)
def test_the_axis_is_written_in_round_steps(values: list[int], grain: int, ticks: list[int]) -> None:
    assert list(scale_for(values, grain=grain).ticks) == ticks


@given(VALUES)
def test_every_mark_lies_inside_the_drawing(values: list[int | None]) -> None:
    labels, series = series_of(values)
    for plot in (
        columns("key", "Title", labels=labels, series=series),
        lines("key", "T", labels=labels, series=series),
    ):
        assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in plot.bars)
        assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in plot.bars)
        assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in plot.dots)


@given(some.lists(some.integers(0, 10**6), min_size=2, max_size=40))
def test_more_is_never_drawn_smaller(values: list[int]) -> None:
    labels, series = series_of(list(values))
    heights = [bar.height for bar in columns("key", "Title", labels=labels, series=series).bars] or [0] * len(values)
    order = sorted(range(len(values)), key=lambda number: values[number])
    assert [heights[number] for number in order] == sorted(heights)


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    labels, series = series_of([1, 2, None, 3, None, 4, 5])
    plot = lines("key", "Title", labels=labels, series=series)
    assert [stroke.points.count(",") for stroke in plot.strokes] == [2, 2]
    assert len(plot.dots) == 5


def test_the_numbers_stand_in_a_table_and_in_a_sentence() -> None:
    plot = columns(
        "revenue", "Revenue", labels=["Oct", "Nov"],
        series=[Series("Packages", (100, None)), Series("Refunds", (-20, 5))],
        value_text=lambda cents: f"${cents}", first_header="Month",
    )  # fmt: skip
    assert plot.headers == ("Month", "Packages", "Refunds")
    assert plot.rows == (("Oct", "$100", "$-20"), ("Nov", "–", "$5"))
    assert plot.sentence == "Packages: $100 throughout. Refunds: from $-20 (Oct) to $5 (Nov)."
    assert plot.legend == ("Packages", "Refunds")


def test_a_ranking_gives_the_most_its_whole_width() -> None:
    plot = ranking("why", "Pauses", items=[("Access wrong", 8), ("Decision missing", 2)], headers=("Reason", "Days"))
    assert [bar.width for bar in plot.bars] == [WIDTH, WIDTH // 4]
    assert plot.sentence == "Access wrong 8, Decision missing 2."


def test_a_field_of_cells_is_darkest_where_there_is_most() -> None:
    plot = heat(
        "hours", "Tickets by hour", row_names=["Mon", "Tue"], column_names=["08", "09"], values=[[0, 1], [4, 8]],
        first_header="Day",
    )  # fmt: skip
    assert [bar.style for bar in plot.bars] == [0, 1, 2, 4]
    assert plot.sentence == "The most is 8: Tue, 09."


@pytest.mark.parametrize(
    "plot",
    [
        columns("nothing", "Nothing", labels=[], series=[Series("Answers", ())]),
        columns("zeros", "Zeros", labels=["Mon"], series=[Series("Answers", (0,))]),
        lines("gaps", "Gaps", labels=["Mon"], series=[Series("Answers", (None,))]),
        ranking("none", "None", items=[("Access wrong", 0)]),
        heat("cold", "Cold", row_names=["Mon"], column_names=["08"], values=[[0]], first_header="Day"),
    ],
    ids=lambda plot: plot.key,
)
def test_where_there_is_nothing_to_draw_the_page_says_so(plot: Plot) -> None:
    assert plot.is_empty
    assert "There is nothing to draw for this time." in shown(plot)


def test_a_drawing_names_and_describes_itself() -> None:
    labels, series = series_of([3, 9])
    page = shown(columns("answers", "Answers <a week>", labels=labels, series=series))
    assert 'role="img" aria-labelledby="answers-title answers-words"' in page
    assert "Answers &lt;a week&gt;" in page
    assert "<table" in page


def shown(plot: Plot) -> str:
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return templates.from_string('{% from "components/plots.html" import plot %}{{ plot(view) }}').render(view=plot)
