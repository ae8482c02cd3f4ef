"""Renders the board: an overview becomes one self-contained HTML page. Pure: the same overview gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sopwrap.board.tongue import Tongue
from sopwrap.board.trend import trend
from sopwrap.board.year import year_of
from sopwrap.history import Backup, moment
from sopwrap.overview import AssetView, Overview, StoreView

Link = Callable[[str], str]
"""Case number → address of the folder with its papers."""

_WORST_FIRST = ("odd", "failing", "never", "late", "ok")
"""The states of ``state_of`` as a unit's assets are listed: of a thousand one looks for those that are not well."""


def board(told: Overview, name: str, link: Link, lang: str = "id", demo: bool = False) -> str:
    """The page. ``name`` is the office's, ``link`` leads to a case, ``lang`` is one of tongue.languages()."""
    say = Tongue(lang, told.zone)
    today = told.at.astimezone(ZoneInfo(told.zone)).date()
    return _template().render(
        told=told,
        name=name,
        say=say,
        link=link,
        demo=demo,
        units=_units(told.assets),
        months=year_of(today, told.days, told.planned),
        today=today,
        moment=moment,
        seconds=lambda number: timedelta(seconds=number),
        state_of=state_of,
        size_trend=lambda points: size_trend(points, say),
        time_trend=lambda points: time_trend(points, say),
        room_trend=lambda store: room_trend(store, say),
    )


def state_of(view: AssetView) -> str:
    """The one word an asset's state has on the board: odd, failing, never, late or ok (the worst that holds)."""
    if view.newest is not None and view.newest.odd:
        return "odd"
    if view.failing:
        return "failing"
    return view.standing.word


def size_trend(points: Iterable[Backup], say: Tongue) -> Markup:
    """The sizes of an asset's points as a drawing."""
    sizes = [one.size_bytes for one in points if one.size_bytes is not None]
    ends = (say.size(sizes[0]), say.size(sizes[-1])) if sizes else ("", "")
    return trend(sizes, say("trend_of_size", len(sizes), *ends))


def time_trend(points: Iterable[Backup], say: Tongue) -> Markup:
    """How long an asset's backups took as a drawing."""
    times = [one.seconds for one in points]
    ends = [say.span(timedelta(seconds=one)) for one in (times[:1] + times[-1:])] or ["", ""]
    return trend(times, say("trend_of_duration", len(times), *ends))


def room_trend(store: StoreView, say: Tongue) -> Markup:
    """The room left in a store, day by day, as a drawing."""
    room = list(store.past.free.values())
    return trend(room, say("trend_of_room", len(room), say.size(room[0]), say.size(room[-1])))


def _units(assets: Iterable[AssetView]) -> list[tuple[str, list[AssetView]]]:
    """The assets by the unit that owns them, in alphabetical order, those of nobody last; the worst of a unit first."""

    def place(view: AssetView) -> tuple[bool, str, int, str]:
        asset = view.asset
        return not asset.owner, asset.owner.casefold(), _WORST_FIRST.index(state_of(view)), asset.id

    ordered = sorted(assets, key=place)
    return [(unit, list(views)) for unit, views in groupby(ordered, key=lambda view: view.asset.owner)]


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("sopwrap", "board")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("board.html.j2")
