"""Why a map may be empty or unknown: said above it, with what was done and what to mend."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.language import _
from dashboard.rescue import drift_block, searched, witnesses
from dashboard.rescue.plan import Plan

OF_ARRIVALS = ("assets", "reach", "gap", "next")
OF_DEMAND = ("gap", "next", "demand")


def reasons(made: Plan, step: str) -> list[str]:
    """Sentences for a step; none if its map speaks for itself."""
    return list(_reasons(made, step))


def _reasons(made: Plan, step: str) -> Iterator[str]:
    if step == "drift":
        yield from _of_drift(made)
        return
    if step in OF_ARRIVALS:
        yield from _of_assets(made)
    if step in OF_DEMAND:
        yield from _of_demand(made)
    if step == "looked":
        yield from _of_search(made)


def _of_assets(made: Plan) -> Iterator[str]:
    if made.blind:
        yield _(
            "Assets are withheld from this audience, so who arrives when is unknown here. It does "
            "not mean that nobody comes."
        )
    elif made.assets.empty:
        yield _(
            "The plan has no asset, so nobody arrives anywhere and all demand is a gap. Add one "
            "in step 1, or go back to the register there."
        )
    elif not made.reach.cells["reached"].any():
        yield _(
            "No asset of the plan can be sent, so nobody arrives anywhere. The remarks in step 1 "
            "say why, asset by asset, and what to mend."
        )


def _of_demand(made: Plan) -> Iterator[str]:
    if not any(float(made.values[key]) for key in witnesses.WEIGHTS.values()):
        yield _(
            "All weights of demand are 0, so recorded incidents alone were counted. Weigh the "
            "witnesses in step 4."
        )
    if not made.need.weights:
        yield _(
            "Nobody who was asked knows where help is needed, so demand and gaps are unknown, not "
            "zero. Weigh other witnesses in step 4."
        )


def _of_search(made: Plan) -> Iterator[str]:
    if made.values["prior"] == "drift" and (problem := drift_block.problem(made)):
        yield _(
            "There is no drift to begin with, so the object is looked for where demand is. {why}",
            why=problem,
        )
    elif made.values["prior"] == "demand" and not made.need.weights:
        yield _(
            "Nobody who was asked knows where help is needed, so there is no probability to "
            "search by. Weigh other witnesses in step 4, or start from a drift."
        )
    found = searched.looked(made)
    if found.tracks.empty:
        yield _(
            "No search track is known here, so nothing counts as searched. Tracks of this session "
            "can be brought below."
        )
    if not made.reach.cells["reached"].any():
        yield _(
            "It is not known that any asset arrives anywhere, so the next hours are placed as if "
            "one could be everywhere. See steps 1 and 2."
        )
    if not found.cells["planned_h"].sum() > 0:
        yield _(
            "The next hours are placed nowhere: no probability is left where the chosen searcher "
            "sees anything and somebody arrives."
        )


def _of_drift(made: Plan) -> Iterator[str]:
    if problem := drift_block.problem(made):
        yield problem
        return
    table, rest, _ended = searched.drifted(made)
    if table.empty and rest["stranded"] > 0:
        yield _(
            "Nothing is afloat at the end: all particles are stranded. If that cannot be, the "
            "start lies on land or at the coast; move it out to sea."
        )
