"""The picture of a timeline as SVG or PNG, drawn by matplotlib. The same picture, the same bytes.

Imported only where a picture is asked for: matplotlib takes a second to load.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from cli.timeline_picture import Lane, Picture, Shade

SUFFIXES = (".svg", ".png")

_WINDOW, _TOUCH = "#d5efdc", "#1f4e79"
_SHADES: Mapping[Shade, str] = MappingProxyType(
    {
        "quiet hours": "#eef0f2",
        "no working day": "#cdd3d9",
        "holiday": "#f5cfa8",
        "forbidden by law": "#ecb6bb",
    }
)
_SETTINGS: Any = {
    "svg.hashsalt": "touchline",  # without it, the ids in an SVG are drawn by chance
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
}


def plot(picture: Picture, file: Path) -> None:
    """Write the picture to the file, whose suffix is one of SUFFIXES."""
    with mpl.rc_context(_SETTINGS):
        figure = _drawn(picture)
        undated = {"Date": None, "Creator": None} if file.suffix == ".svg" else {"Software": None}
        figure.savefig(file, format=file.suffix[1:], dpi=120, metadata=undated)


def _drawn(picture: Picture) -> Figure:
    count = len(picture.lanes)
    width, height = max(7.0, 1.2 + 0.42 * len(picture.days)), 1.3 + 1.3 * count
    figure = Figure(figsize=(width, height))
    lanes = figure.subplots(count, 1, sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=0.8 / width, right=1 - 0.2 / width, top=1 - 0.5 / height, bottom=0.8 / height,
        hspace=0.08,
    )  # fmt: skip
    for axes, lane in zip(lanes, picture.lanes, strict=True):
        _draw_lane(axes, lane)
        for day, hours in picture.clock_changes:
            _draw_clock_change(axes, day, hours)
    _draw_days(lanes[-1], picture)
    figure.suptitle(picture.title, x=0.8 / width, y=1 - 0.12 / height, ha="left", va="top")
    shown = {cell.rest for lane in picture.lanes for cell in lane.cells}
    figure.legend(handles=_legend(shown), loc="lower center", ncols=6, frameon=False)
    return figure


def _draw_lane(axes: Axes, lane: Lane) -> None:
    """A calendar as people know it: a column for each day, the morning above."""
    for day, cell in enumerate(lane.cells):
        _fill(axes, day, (0, 24), _SHADES[cell.rest])
        for hours in cell.open:
            _fill(axes, day, hours, _WINDOW)
    for mark in lane.marks:
        axes.plot([mark.across] * 2, [mark.hour, mark.due], color=_TOUCH, linewidth=1, zorder=2)
        axes.plot([mark.across], [mark.hour], "o", color=_TOUCH, markersize=11, zorder=3)
        axes.annotate(
            str(mark.step), (mark.across, mark.hour), color="white", ha="center", va="center",
            fontsize=7, zorder=4,
        )  # fmt: skip
    axes.set(xlim=(0, len(lane.cells)), ylim=(24, 0), yticks=(0, 6, 12, 18, 24))
    axes.set_yticklabels(["", "06:00", "12:00", "18:00", ""])
    axes.set_ylabel(lane.channel)
    axes.tick_params(length=0)


def _fill(axes: Axes, day: int, hours: tuple[float, float], color: str) -> None:
    opens, closes = hours
    corner, height = (day, opens), closes - opens
    axes.add_patch(Rectangle(corner, 1, height, facecolor=color, edgecolor="white", linewidth=0.5))


def _draw_clock_change(axes: Axes, day: int, hours: float) -> None:
    axes.axvline(day, color=_TOUCH, linewidth=0.8, linestyle=":", zorder=1)
    axes.annotate(f"clock {hours:+g} h", (day + 0.08, 23.6), fontsize=5, va="bottom")


def _draw_days(axes: Axes, picture: Picture) -> None:
    axes.set_xticks([day + 0.5 for day in range(len(picture.days))])
    axes.set_xticklabels([f"{day:%a}\n{day:%m-%d}" for day in picture.days], fontsize=6)


def _legend(shown: set[Shade]) -> list[Artist]:
    shades = [(name, color) for name, color in _SHADES.items() if name in shown]
    return [Patch(color=color, label=name) for name, color in (("window", _WINDOW), *shades)]
