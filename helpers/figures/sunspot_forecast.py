"""Live figure: forecasts of a real series for the twelve months to come, against what came and the reader's own."""

import numpy as np

from helpers.data import month_name
from helpers.figures.ordering import MANY, SORTED, units_by_peak
from helpers.live.colours import LINES
from helpers.live.controls import Frame, Text
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Lines, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.typed import numbers as typed_numbers
from helpers.live.typed import understood

PAST, EVERY = 48, 3  # months shown before now; months from one frame to the next
INK, OWN = "#7a7a7a", LINES[4]


def forecast_figure(numbers, origins, forecasts, states, prediction=None):
    """A live figure: now walks along a record, and the forecasts made at each month stand beside what came.

    numbers (N,): monthly sunspot numbers from January 1749 on. origins (M,): months at which a forecast is made,
    indices that rise one by one. forecasts: name -> (M, A), month 1 … A after each origin. states (M, H): the hidden
    state of a network at these months. Controls: now, in steps of three months, and whether the figure shows what
    came (browser alone); the reader's own forecast, drawn or typed (kernel).
    Raises ValueError if shapes do not fit or a forecast has no past or future to stand in.
    """
    numbers, origins, states = np.asarray(numbers, float), np.asarray(origins), np.asarray(states, float)
    ahead = next(iter(forecasts.values())).shape[1]
    wrong = [name for name, values in forecasts.items() if np.shape(values) != (len(origins), ahead)]
    if wrong or len(states) != len(origins):
        raise ValueError(f"forecasts, states: expected one row for each of {len(origins)} origins, wrong: {wrong}")
    if origins[0] < PAST or origins[-1] + ahead >= len(numbers) or (np.diff(origins) != 1).any():
        raise ValueError(f"origins: expected months from {PAST} to {len(numbers) - ahead - 1}, one after the other")
    shown = np.arange(0, len(origins), EVERY)  # the frames
    at = origins[shown]
    years = 1749 + at / 12
    guesses = np.stack([np.asarray(values, float)[shown] for values in forecasts.values()], axis=1)  # (F, K, A)
    came = np.stack([numbers[i + 1 : i + 1 + ahead] for i in at])  # (F, A)
    record = np.array([numbers[i - EVERY + 1 : i + 1].mean() for i in at])  # (F,): means of three months
    errors = np.sqrt(np.mean((guesses - came[:, None]) ** 2, axis=2))  # (F, K)
    months = np.arange(1, ahead + 1)
    names = list(forecasts)
    units = states.shape[1]
    order, _ = units_by_peak(states[shown])

    def reached(places):
        """(2, F): now where what comes is hidden, the last place where it is shown."""
        return np.stack([places, np.full(len(places), places[-1])])

    def if_shown(array):
        """(2, …): nothing where what came is hidden, `array` where it is shown."""
        return np.stack([np.full_like(array, np.nan), array])

    def compute(own):
        mine = own_forecast(own, ahead)
        my_error = np.sqrt(np.mean((mine - came) ** 2, axis=1))  # (F,), NaN before there is a whole forecast
        said = forecast_said(own, ahead)
        bars = np.concatenate([errors, my_error[:, None]], axis=1)
        hidden = np.zeros_like(bars)
        return FigureData(
            {
                "years": years,
                "record": record,
                "years_known": reached(years),
                "now": years,
                "past_months": np.arange(1 - PAST, 1),
                "past": np.stack([numbers[i - PAST + 1 : i + 1] for i in at]),
                "months": months,
                "guesses": guesses,
                "mine": mine[None],
                "came": if_shown(came),
                "zero": np.array(0.0),
                "places": np.arange(len(names) + 1),
                "errors": np.stack([hidden, np.nan_to_num(bars)]),
                "states": states[shown][:, order].T,
                "frames_known": reached(np.arange(len(shown))),  # later states would give away what comes
                "now_frame": np.arange(len(shown)),
            },
            [
                [sentence(i, names, e, m, show) + said for i, e, m in zip(at, errors, my_error, strict=True)]
                for show in (0, 1)
            ],
            {
                "years_known": ("came", "now"),
                "frames_known": ("came", "now"),
                "came": ("came", "now"),
                "errors": ("came", "now"),
                "summary": ("came", "now"),
                "now": ("now",),
                "now_frame": ("now",),
                "past": ("now",),
                "guesses": ("now",),
            },
        )

    colours = LINES[: len(names)]  # as `curves` has them
    walk = {"moves": "now", "places": tuple(range(len(shown)))}
    number = Axis("sunspot number", limits=(0, 270))
    first_year = 1749 + int(np.ceil(origins[0] / 12))
    jan = [(year, (12 * (year - 1749) - origins[0]) / EVERY) for year in range(first_year, int(years[-1]) + 1, 5)]
    ticks = tuple((float(place), str(year)) for year, place in jan)
    picture = Picture(
        "Twelve months ahead",
        (
            Row(
                (
                    Panel(
                        "The record (means of three months), and now",
                        (
                            Lines("years", "record", colours=(INK,), until_x="years_known"),
                            Cursor(x="now"),
                        ),
                        x=Axis("year", moves="now", places=tuple(years)),
                        y=number,
                    ),
                ),
                110,
            ),
            Row(
                (
                    Panel(
                        "Forecasts made now (drag after month 0: your own)",
                        (
                            Lines("past_months", "past", ("known",), (INK,), width=1.4),
                            Lines("months", "guesses", tuple(names), colours, width=2.0),
                            Lines("months", "mine", ("yours",), (OWN,), width=2.6),
                            Lines("months", "came", ("what came",), (INK,), dashed=True, width=2.6),
                            Cursor(x="zero"),
                        ),
                        x=Axis(
                            "time from now",
                            "months",
                            limits=(-PAST, ahead + 0.5),
                            ticks=tuple(range(-PAST, ahead + 1, 12)),
                        ),
                        y=number,
                        width=1.6,
                        draw="own",
                    ),
                    Panel(
                        "How far off this time",
                        (Bars("places", "errors", colour=INK),),
                        x=Axis(" ", ticks=tuple(enumerate([*map(short, names), "you"]))),
                        y=Axis("RMSE", "sunspot number", limits=(0, 100)),
                    ),
                ),
                200,
            ),
            Row(
                (
                    Panel(
                        f"Hidden state of the {names[-1]} as it reads the record",
                        (
                            HeatMap("states", label="hidden state", first=(0, 1), until_x="frames_known"),
                            Cursor(x="now_frame", band=True),
                        ),
                        x=Axis("year", ticks=ticks, limits=(-0.5, len(at) - 0.5), **walk),
                        y=Axis(SORTED if units > MANY else "unit", integer=True, limits=(0.5, units + 0.5)),
                    ),
                ),
                130,
            ),
        ),
        alt="The sunspot record up to now, forecasts of the next twelve months, their errors, and all hidden units.",
        narrow=620,
    )
    controls = (
        Frame("now", "Now", tuple(month_name(int(i)) for i in at), value=len(shown) // 2, play=True, period=150),
        Frame("came", "What came", ("hide", "show")),
        Text("own", f"Your forecast ({ahead} numbers, or drag in the panel)", "", 240),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def short(name):
    """A model's name short enough to stand under a bar."""
    return {"persistence": "same", "linear model": "lin.", "SimpleRNN": "RNN"}.get(name, name)


def own_forecast(text, ahead):
    """The reader's numbers (A,), from −1000 to 1000; NaN where there are none yet. Unreadable if one is no number."""
    values = typed_numbers(text, -1000, 1000)[:ahead]
    return np.array(values + [np.nan] * (ahead - len(values)))


def forecast_said(text, ahead):
    """What was understood of the reader's numbers, and how many months are missing; "" if there are none."""
    values = typed_numbers(text, -1000, 1000)
    if not values:
        return ""
    missing = max(0, ahead - len(values))
    words = f" A whole forecast has {ahead} numbers: {missing} are missing." if missing else ""
    return f" Your forecast: {understood(values, ahead)}{words}"


def sentence(origin, names, errors, mine, show):
    """When the forecast is made, and, if it is shown, who is nearest."""
    start = f"Now is {month_name(int(origin))}."
    if not show:
        return f"{start} What comes is hidden: draw your own forecast, then show what came."
    best = "you" if mine < np.min(errors) else names[int(np.argmin(errors))]  # NaN, no forecast, is not smaller
    others = ", ".join(f"{name} {error:.0f}" for name, error in zip(names, errors, strict=True))
    yours = "" if np.isnan(mine) else f" Yours: {mine:.0f}."
    return f"{start} Root mean squared error of the twelve months: {others}. Nearest: {best}.{yours}"
