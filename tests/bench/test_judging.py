# SPDX-License-Identifier: MIT
"""What make bench calls ok, noise and over, and what make bench-check fails for."""
import contextlib
import io
import random
import tempfile
import unittest

import bench_all
import figures
import judging

WANTED = ("<=", 1.25)


class Interval(unittest.TestCase):
    def test_too_few_rounds_give_all_they_have(self):
        self.assertEqual(judging.interval([3, 1, 2]), (1, 3))
        self.assertEqual(judging.interval([5]), (5, 5))

    def test_eight_rounds_are_the_fewest(self):
        """All 8 on one side of the median: 2 / 2^8 = 0.8 %; all 7: 1.6 %."""
        self.assertEqual(judging.ROUNDS_SURE, 8)
        self.assertEqual(judging.interval(range(8)), (0, 7))

    def test_more_rounds_leave_ends_out(self):
        """2 * (1 + 15 + 105) / 2^15 = 0.7 %; with 455 more it is 3.5 %."""
        self.assertEqual(judging.interval(range(15)), (2, 12))

    def test_holds_the_true_median_as_often_as_it_says(self):
        chance = random.Random(1)
        for count in (8, 15, 25, 125):
            held = 0
            for _ in range(2000):
                low, high = judging.interval([chance.expovariate(1) for _ in range(count)])
                held += low <= 0.6931 <= high
            self.assertGreaterEqual(held, 0.985 * 2000, count)


class Verdict(unittest.TestCase):
    def test_as_wanted(self):
        self.assertEqual(judging.verdict([1.0, 1.1, 1.25], *WANTED), judging.OK)
        self.assertEqual(judging.verdict([0.9, 0.8], ">=", 0.8), judging.OK)

    def test_threshold_inside(self):
        self.assertEqual(judging.verdict([1.2, 1.3] * 10, *WANTED), judging.NOISE)
        self.assertEqual(judging.verdict([0.7, 0.9] * 10, ">=", 0.8), judging.NOISE)

    def test_over(self):
        self.assertEqual(judging.verdict([1.26] * 8, *WANTED), judging.OVER)
        self.assertEqual(judging.verdict([0.79] * 8, ">=", 0.8), judging.OVER)

    def test_few_rounds_are_never_over(self):
        self.assertEqual(judging.verdict([9.0] * 7, *WANTED), judging.NOISE)

    def test_one_bad_round_is_noise(self):
        self.assertEqual(judging.verdict([1.3] * 7 + [1.2], *WANTED), judging.NOISE)

    def test_a_sure_figure_bears_bad_rounds(self):
        self.assertEqual(judging.verdict([1.2] * 13 + [9.0] * 2, *WANTED), judging.OK)
        self.assertEqual(judging.verdict([1.3] * 13 + [0.1] * 2, *WANTED), judging.OVER)


class Rounds(unittest.TestCase):
    def test_none_missing_when_met(self):
        self.assertEqual(judging.rounds_missing([1.2, 1.2, 9.0], *WANTED), 0)

    def test_more_when_missed(self):
        self.assertEqual(judging.rounds_missing([1.3] * 5, *WANTED), 10)
        self.assertEqual(judging.rounds_missing([1.3] * 25, *WANTED), 25)


class Board(unittest.TestCase):
    def setUp(self):
        self.shown = []
        self.board = figures.Board()
        self.board.thresholds = {"tss_get": figures.Threshold(*WANTED),
                                 "startup": figures.Threshold("<=", 2.0)}
        self.board._line = lambda *line: self.shown.append(line)

    def test_a_round_counts_once(self):
        """However many slices it has, by their median; ratios."""
        rounds = [[(10, 11), (10, 12), (10, 90)], [(10, 10)]]
        self.board.show("tss_get", rounds, None)
        self.assertEqual(self.shown[0][2:], ([1.2, 1.0], judging.OK))

    def test_differences(self):
        self.board.show("startup", [[(10, 11)], [(20, 21.5)]], None)
        self.assertEqual(self.shown[0][2:], ([1, 1.5], judging.OK))

    def test_a_miss_is_measured_again(self):
        rounds = iter([[[(10, 10)]]] * 10)
        self.board.show("tss_get", [[(10, 14)]] * 5, lambda: next(rounds))
        self.assertEqual(self.shown[0][2:], ([1.4] * 5 + [1.0] * 10, judging.NOISE))

    def test_a_miss_that_stays(self):
        self.board.show("tss_get", [[(10, 14)]] * 5, lambda: [[(10, 13)]] * 3)
        self.assertEqual(self.shown[0][3], judging.OVER)


class Summary(unittest.TestCase):
    def summary(self, *verdicts, measured=figures.FIGURES.values()):
        """(what it says, what it returns) of figures with these verdicts, as a board notes them, and of
        measured ones that are ok."""
        with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(io.StringIO()) as said:
            board = figures.Board(file.name)
            board.header("3.11; program")
            for number, verdict in enumerate(verdicts):
                board._note(verdict, f"figure {number}")
            for _, _, label in measured:
                board._note(judging.OK, label)
            met = bench_all.summary(file.name)
        return said.getvalue(), met

    def test_noise_is_borne(self):
        said, met = self.summary(judging.OK, judging.NOISE, judging.OK)
        self.assertTrue(met)
        self.assertIn("noise: 3.11: figure 1\n", said)
        self.assertIn(f"{2 + len(figures.FIGURES)} ok, 1 noise, 0 over\n", said)

    def test_over_is_named(self):
        said, met = self.summary(judging.OK, judging.OVER, judging.OK)
        self.assertFalse(met)
        self.assertIn("over:  3.11: figure 1\n", said)

    def test_what_no_interpreter_was_measured_for_is_named(self):
        measured = [figure for name, figure in figures.FIGURES.items() if name != "mutex_armed"]
        said, met = self.summary(judging.OK, measured=measured)
        self.assertFalse(met)
        self.assertIn("not measured: the same once contended\n", said)


class Thresholds(unittest.TestCase):
    def test_each_figure_has_one(self):
        self.assertEqual(set(figures.read_thresholds()), set(figures.FIGURES))


if __name__ == "__main__":
    unittest.main()
