#!/bin/sh
# SPDX-License-Identifier: MIT
#
# "make coverage": builds once more, with counters, in the folder "coverage" of the build; runs the unit
# tests there, and the end-to-end tests but for those in which the tool's own calls fail, and says which
# lines of src/ ran and which branches were taken.
#
#     PYTHREAD_TRACE_COVERAGE_TESTS="t0*.py t2*.py"   only these end-to-end tests; "" is none
#     PYTHREAD_TRACE_COVERAGE_KEEP=1                  adds to what an earlier run has counted
#
# The list of lines that were not reached, and of those with ways that were not taken, is
# coverage/unreached.txt. Ends with 1 where core, model or hook is below the goal. Tests that fail here
# are named, but are for "make check" to judge: some tell what a process has written or opened, and here
# that is the counters, too.
set -eu

source=$(cd "${srcdir:?}/../.." && pwd)
build=${top_builddir:?}/coverage
goal=95
jobs=$(nproc 2>/dev/null || echo 2)

command -v gcov >/dev/null || {
	echo "make coverage needs gcov, which is part of gcc" >&2
	exit 1
}
if [ -f "$source/config.status" ]; then
	echo "make coverage needs a build outside of the source tree: make distclean, then configure elsewhere" >&2
	exit 1
fi

mkdir -p "$build"
build=$(cd "$build" && pwd)
cd "$build"
if [ -z "$(find . -maxdepth 1 -name config.status -newer "$source/configure")" ]; then
	"$source/configure" --enable-coverage CFLAGS="-g -O0" >configure.log || {
		tail -n 20 configure.log
		exit 1
	}
fi
# What an object was counted by is worthless once it is compiled again.
[ -n "${PYTHREAD_TRACE_COVERAGE_KEEP:-}" ] || find . -name '*.gcda' -exec rm -f {} +
make -j"$jobs" >make.log 2>&1 || {
	tail -n 20 make.log
	exit 1
}

# A process that may not write its counters would say so into the midst of its own output.
export GCOV_ERROR_FILE=/dev/null
make -C tests/unit -k -j"$jobs" check >unit.log 2>&1 || :
if [ -z "${PYTHREAD_TRACE_COVERAGE_TESTS+given}" ]; then
	# Where calls of the tool's own fail, so do those that write the counters: what was counted is lost.
	PYTHREAD_TRACE_COVERAGE_TESTS=$(cd "$source/tests/e2e" && printf '%s\n' t*.py | grep -v _faults)
fi
if [ -n "$PYTHREAD_TRACE_COVERAGE_TESTS" ]; then
	# shellcheck disable=SC2086 # patterns
	tests=$(cd "$source/tests/e2e" && echo $PYTHREAD_TRACE_COVERAGE_TESTS)
	make -C tests/e2e -k -j"$jobs" check TESTS="$tests" >e2e.log 2>&1 || :
else
	echo "no end-to-end tests were asked for" >e2e.log
fi
grep -hE '^(FAIL|ERROR): ' unit.log e2e.log | sort -u | sed 's/^/in a coverage build /' || :

exec "${PYTHON3:-python3}" -B "$source/tests/coverage/summary.py" --build "$build" --goal "$goal" \
	--unreached "$build/unreached.txt" core model hook
