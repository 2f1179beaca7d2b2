"""Reference data taking effect: offices and places get new names, an ended office's work goes to its successor."""

from __future__ import annotations

from registry.base.parts import Due, Job, Parts

PARTS = Parts(
    jobs={"hand_over": Job("jobs:take_effect", due=Due.NIGHT)},
    commands=("commands",),
    adds={"words": "texts:WORDS"},
    provides={
        "handed_over": "queries:handed_over",
        "rerouted": "queries:rerouted",
        "stops_ending": "queries:stops_ending",
    },
)
