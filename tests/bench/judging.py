# SPDX-License-Identifier: MIT
"""Whether a figure is as wanted, or misses its threshold by more than noise.

A figure is measured in rounds, and a round counts once, however many slices it has: how a process
is laid out, and what else the machine does meanwhile, is the same for all slices of a round. The
sign test asks nothing of how rounds are spread: were the true median at the threshold, each round
would miss it with a chance of one half. So the median lies, with the confidence below, between two
of the sorted rounds; a threshold between these two is not missed by more than noise.
"""

import math
import statistics

CONFIDENCE = 0.99
# So few rounds are never sure, even when all of them miss.
ROUNDS_SURE = 8
# What a figure that misses at first is measured again for.
ROUNDS_AGAIN = 15

OK, NOISE, OVER = "ok", "noise", "over"


def _outside(count):
    """How many rounds at either end the interval leaves out; -1 if even all of them are too few."""
    chance, outside = 0.0, -1
    while True:
        chance += 2 * math.comb(count, outside + 1) / 2**count
        if chance > 1 - CONFIDENCE:
            return outside
        outside += 1


def interval(rounds):
    """Where the median is; from the least to the largest where there are too few rounds to know."""
    outside = max(_outside(len(rounds)), 0)
    ordered = sorted(rounds)
    return ordered[outside], ordered[-1 - outside]


def is_met(value, operator, limit):
    return value <= limit if operator == "<=" else value >= limit


def verdict(rounds, operator, limit):
    """OK: the whole interval is as wanted; OVER: none of it is; NOISE: the threshold is inside."""
    met = [is_met(end, operator, limit) for end in interval(rounds)]
    if all(met):
        return OK
    return NOISE if any(met) or len(rounds) < ROUNDS_SURE else OVER


def rounds_missing(rounds, operator, limit):
    """How many more there should be before this figure is judged."""
    if is_met(statistics.median(rounds), operator, limit):
        return 0
    return max(ROUNDS_AGAIN, 2 * len(rounds)) - len(rounds)
