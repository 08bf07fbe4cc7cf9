"""What the reference implementation of MLRsearch says, for the comparison with Everyline's own.

Reads the JSON document whose path it is given, and writes one to stdout:

- "searches": simulated systems and goals. Each is searched by the reference, with every trial that it made and its result.
- "histories": trials that somebody else made, at loads that are given as steps of the reference's own rounding. Each is classified.
"""

import json
import logging
import sys

from MLRsearch import AbstractMeasurer, Config, MeasurementResult, MultipleLossRatioSearch, SearchGoal
from MLRsearch.discrete_load import DiscreteLoad
from MLRsearch.discrete_result import DiscreteResult
from MLRsearch.goal_result import GoalResult
from MLRsearch.load_rounding import LoadRounding
from MLRsearch.measurement_database import MeasurementDatabase
from MLRsearch.target_scaling import TargetScaling

MASK = 0xFFFFFFFF


def random_of(state):
    """The same step of mulberry32 as in simulated-system.ts."""
    mixed = (state + 0x6D2B79F5) & MASK
    mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & MASK
    mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & MASK)) & MASK
    return ((mixed ^ (mixed >> 14)) & MASK) / 2**32


class SimulatedSystem(AbstractMeasurer):
    """The same system as in simulated-system.ts. Keeps every trial."""

    def __init__(self, seed, capacity, noise):
        self.seed, self.capacity, self.noise = seed, capacity, noise
        self.trials = []

    def measure(self, intended_duration, intended_load):
        number = len(self.trials)
        drawn = random_of(((self.seed * 0x9E3779B1) ^ (number * 0x85EBCA6B)) & MASK)
        capacity = self.capacity * (1 + self.noise * (2 * drawn - 1))
        intended = int(intended_load * intended_duration)
        forwarded = min(intended, int(capacity * intended_duration))
        self.trials.append([intended_load, intended_duration, intended, forwarded])
        return MeasurementResult(
            intended_duration=intended_duration,
            intended_load=intended_load,
            offered_count=intended,
            forwarding_count=forwarded,
        )


def goal_of(goal):
    return SearchGoal(
        loss_ratio=goal["lossRatio"],
        exceed_ratio=goal["exceedRatio"],
        relative_width=goal["width"],
        initial_trial_duration=goal["initialTrialSeconds"],
        final_trial_duration=goal["finalTrialSeconds"],
        duration_sum=goal["durationSumSeconds"],
        preceding_targets=2,
        expansion_coefficient=2,
        fail_fast=False,
    )


def shown(result):
    def load(bound):
        return None if bound is None else float(bound)

    return {
        "lower": load(result.relevant_lower_bound),
        "upper": load(result.relevant_upper_bound),
        "throughput": throughput_of(result),
    }


def throughput_of(result):
    """1.2.1 gives a lower bound no throughput if the rounding error of a sum of durations leaves a rest that no trial covers."""
    try:
        throughput = result.conditional_throughput
    except RuntimeError as error:
        if not str(error).startswith("Not positive"):
            raise
        return "rounded away"
    return None if throughput is None else float(throughput)


def config_of(case):
    config = Config()
    config.goals = [goal_of(goal) for goal in case["goals"]]
    config.max_load, config.min_load = case["maxLoad"], case["minLoad"]
    config.warmup_duration, config.search_duration_max = None, 60.0
    return config


def searched(case):
    system = SimulatedSystem(**case["system"])
    results = MultipleLossRatioSearch(config=config_of(case)).search(system, debug=lambda text: None)
    return {"trials": system.trials, "goals": [shown(result) for result in results.values()]}


def classified(case):
    """The loads of a history's trials are steps between the least and the highest load, so that the reference takes them as they are."""
    config = config_of(case)
    widths = [goal.relative_width for goal in config.goals]
    rounding = LoadRounding(min_load=config.min_load, max_load=config.max_load, float_goals=widths)
    scaling = TargetScaling(goals=config.goals, rounding=rounding)
    database = MeasurementDatabase(scaling.targets)
    trials = []
    for step, duration, loss_ratio in case["trials"]:
        load = DiscreteLoad.int_conver(rounding)(round(step * rounding.max_int_load))
        intended = int(float(load) * duration)
        forwarded = intended - int(intended * loss_ratio)
        trials.append([float(load), duration, intended, forwarded])
        result = MeasurementResult(
            intended_duration=duration, intended_load=float(load), offered_count=intended, forwarding_count=forwarded
        )
        database.add(DiscreteResult.with_load(result=result, load=load))
    bounds = [database.get_relevant_bounds(scaling.goal_to_final_target[goal]) for goal in config.goals]
    return {"trials": trials, "goals": [shown(GoalResult.from_bounds(bound)) for bound in bounds]}


logging.disable()
with open(sys.argv[1], encoding="utf8") as file:
    wanted = json.load(file)
answer = {
    "searches": [searched(case) for case in wanted["searches"]],
    "histories": [classified(case) for case in wanted["histories"]],
}
json.dump(answer, sys.stdout)
