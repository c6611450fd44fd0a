#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The command by itself: exit statuses, messages, what it hands to the program. It runs from a copy
# of the build tree's layout with another library in the place of ours, so that nothing but the
# command is tested here.
#
# Backslashes and dollars in single quotes are meant as they are.
# shellcheck disable=SC1003,SC2016

command=${PYTHREAD_TRACE_COMMAND:-../../src/cli/pythread-trace}
tree=$(mktemp -d) || exit 99
trap 'rm -rf "$tree"' EXIT
failures=0
unset PYTHREAD_TRACE_OPTIONS LD_PRELOAD

mkdir -p "$tree/src/cli" "$tree/src/record" "$tree/src/hook/.libs" "$tree/bin" "$tree/other"
cp "$command" "$tree/src/cli/pythread-trace" || exit 99
cp "${command%/*}/doctor" "$tree/src/cli/" || exit 99
cp "${command%/*}/../record/record" "$tree/src/record/" || exit 99
pt=$tree/src/cli/pythread-trace
library=$tree/src/hook/.libs/libpythread-trace.so
cp "$(ldd "$tree/src/cli/doctor" | sed -n 's/.*=> \(.*libjson-c[^ ]*\) .*/\1/p')" "$library" || exit 99

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# expect STATUS MESSAGE ARGUMENT...: with a message, exactly one line on standard error that has it.
expect() {
	want=$1 message=$2
	shift 2
	"$pt" "$@" </dev/null >"$tree/out" 2>"$tree/err"
	got=$?
	[ "$got" = "$want" ] || fail "pythread-trace $*: status $got, not $want"
	if [ -z "$message" ]; then
		[ ! -s "$tree/err" ] || fail "pythread-trace $*: says $(cat "$tree/err")"
		return
	fi
	grep -qF -- "$message" "$tree/err" ||
		fail "pythread-trace $*: '$(cat "$tree/err")' does not say '$message'"
	[ "$(wc -l <"$tree/err")" = 1 ] || fail "pythread-trace $*: more than one line"
	grep -q '^pythread-trace: ' "$tree/err" || fail "pythread-trace $*: no name in front"
}

# output TEXT ARGUMENT...: standard output is this text.
output() {
	text=$1
	shift
	got=$("$pt" "$@" 2>"$tree/err")
	[ "$got" = "$text" ] || fail "pythread-trace $*: '$got', not '$text'"
}

# Usage.
"$pt" >"$tree/out" 2>"$tree/err"
[ $? = 2 ] || fail "no command: not status 2"
grep -q '^Usage: ' "$tree/err" || fail "no command: no usage on standard error"
[ ! -s "$tree/out" ] || fail "no command: something on standard output"
expect 0 '' --help
grep -q 'doctor' "$tree/out" || fail "--help does not name doctor"
expect 0 '' --version
grep -q '^pythread-trace [0-9]' "$tree/out" || fail "--version names no version"
expect 0 '' run --help
grep -q -- '--error-exitcode=N' "$tree/out" || fail "run --help lists no options"
expect 0 '' doctor --help
expect 2 "'frob' is not a command" frob
expect 2 '--frob: no such option' --frob
expect 0 '' record --help
grep -q -- '--snapshot' "$tree/out" || fail "record --help does not list its own options"
expect 125 'report is missing in' report .
"$pt" --help >/dev/full 2>"$tree/err"
[ $? = 125 ] || fail "--help to a full disk: not status 125"

# Options of run.
expect 2 'which PROGRAM' run
expect 2 'which PROGRAM' run --quiet --
expect 2 '--frob: no such option' run --frob true
expect 2 '-q: no such option' run -q true
expect 2 '-q: no such option' run --quiet -q true
expect 2 '--root: no such option' run --root 1 true
expect 2 "--format: 'xml' is not one of text|json|sarif" run --format xml true
expect 2 "--format: 'xml' is not one of text|json|sarif" run --format=xml true
expect 2 '--format: a value is missing' run --format
expect 2 '--quiet: it takes no value' run --quiet=yes true
expect 2 "--stack-depth: '0' is not a number from 1 to 256" run --stack-depth 0 true
expect 2 "--fail-on: 'frob' is neither" run --fail-on error,frob true
expect 2 "--mutex: 'mine' is not one of auto|own|forward" run --mutex mine true
expect 2 "--tracer: 'maybe' is not one of auto|on|off" run --tracer maybe true
for option in trace=/tmp/x trace overwrite url=net://x live snapshot events=x context=x; do
	expect 2 "--${option%%=*}: only 'pythread-trace record' takes this option" \
		run "--$option" true
done
PYTHREAD_TRACE_OPTIONS=trace=/tmp/x
export PYTHREAD_TRACE_OPTIONS
expect 0 '' run true
unset PYTHREAD_TRACE_OPTIONS

# Options of record, before anything is started.
expect 2 'which PROGRAM' record
expect 2 "--frob: no such option; 'pythread-trace record --help'" record --frob true
expect 2 "--url: 'host' is not a URL like net://HOST" record --url host true
expect 2 "--events: 'a,,b' is not a list of names" record --events a,,b true
expect 2 "--context: 'frob' is no context that can be recorded" record --context vuid,frob true
expect 2 '--trace and --url: the trace can go to one place only' \
	record --trace x --url net://127.0.0.1 true
expect 2 '--snapshot and --live' record --snapshot --live true
expect 2 '--tracer off: there is nothing to record' record --tracer off true
expect 2 '--live and --url file://' record --live --url file:///tmp true
expect 127 "'no-such-program' was not found in PATH" record no-such-program
expect 125 "no trace can be written into '$tree': it is not empty" record --trace "$tree" true
expect 125 "no trace can be written into '$pt': it is a file" record --trace "$pt" true
expect 125 'no lttng-relayd answers at 127.0.0.1 port 1' record --url net://127.0.0.1:1 true
expect 2 "--watchdog: '3s' is not a number of seconds" run --watchdog=3s true
expect 0 '' run --watchdog 0.5 --hang-exitcode 98 --long-hold=2.5 --long-wait 3 --mutex own true
expect 2 'cannot read' run --suppressions "$tree/missing" true
expect 2 '--s: it can mean more than one option' run --s 3 true
expect 0 '' run --leak strict true

# The environment's options.
PYTHREAD_TRACE_OPTIONS=frob=1
export PYTHREAD_TRACE_OPTIONS
expect 2 'PYTHREAD_TRACE_OPTIONS: frob: no such option' run true
PYTHREAD_TRACE_OPTIONS='format=xml'
expect 2 "PYTHREAD_TRACE_OPTIONS: format: 'xml' is not one of" run --format json true
PYTHREAD_TRACE_OPTIONS='stack_depth=3:output=a\'
show='printf %s "${PYTHREAD_TRACE_OPTIONS%:root=*}"'
output 'stack_depth=3:output=a\\:stack-depth=4:quiet:output=b\:c\\d' \
	run --stack-depth 4 --quiet --output 'b:c\d' sh -c "$show"
unset PYTHREAD_TRACE_OPTIONS
output '' run sh -c 'printf %s "${PYTHREAD_TRACE_OPTIONS%root=*}"'
output same run sh -c '[ "$PYTHREAD_TRACE_OPTIONS" = "root=$$" ] && echo same'

# The preload.
output "$library" run sh -c 'echo "$LD_PRELOAD"'
LD_PRELOAD=$tree/other.so
cp "$library" "$LD_PRELOAD"
export LD_PRELOAD
output "$library:$tree/other.so" run sh -c 'echo "$LD_PRELOAD"'
output "$library:$tree/other.so" run "$pt" run sh -c 'echo "$LD_PRELOAD"'
unset LD_PRELOAD

# Where options end.
output '[--version]' run -- printf '[%s]' --version
output '--quiet --' run echo --quiet --
output '-- x' run --quiet -- echo -- x
expect 127 "'--quiet' was not found" run -- --quiet

# The program: found where execvp(3) finds it, its status, its standard streams, its signals.
printf '#!/bin/sh\necho first\n' >"$tree/bin/tool"
printf '#!/bin/sh\necho second\n' >"$tree/other/tool"
printf 'echo no interpreter\n' >"$tree/bin/bare"
printf '#!/no/such/interpreter\n' >"$tree/bin/lost"
mkdir "$tree/bin/folder"
: >"$tree/bin/plain"
chmod +x "$tree/other/tool" "$tree/bin/bare" "$tree/bin/lost"
saved=$PATH
PATH=$tree/bin:$tree/other:$PATH
output second run tool
expect 126 "'folder' cannot be run: Is a directory" run folder
expect 126 'neither a program nor a script' run bare
expect 126 'is missing' run lost
PATH=$saved
chmod +x "$tree/bin/tool"
[ "$(cd "$tree/bin" && env PATH= "$pt" run tool)" = first ] || fail "an empty PATH is not here"
expect 126 'cannot be run: Is a directory' run /
expect 126 'cannot be run: Permission denied' run "$tree/bin/plain"
expect 127 "'no-such-program' was not found in PATH" run no-such-program
expect 127 'was not found' run ./no-such-program
expect 127 'was not found' run /dev/null/x
expect 127 "'' was not found" run ''
expect 7 '' run sh -c 'exit 7'
expect 0 '' run cat
output 'from standard input' run cat <<END
from standard input
END
"$pt" run sh -c 'kill -TERM $$'
[ $? = 143 ] || fail "the program's death by SIGTERM does not come through"
# Where it takes no more than one program that executes another to lose that, it is an emulator's doing.
if (trap '' HUP && exec env sh -c 'kill -HUP $$'); then
	(trap '' HUP && exec "$pt" run sh -c 'kill -HUP $$') || fail "an ignored signal is not ignored"
else
	echo "skipped: here env(1) does not hand down that a signal is ignored either"
fi
sh -c 'echo $$ && exec "$0" run sh -c "echo \$\$"' "$pt" | uniq | wc -l | grep -q '^1$' ||
	fail "the program is not executed in place"
output 'zero' run sh -c 'echo $0' zero

# The library.
mkdir -p "$tree/a b/src/cli" "$tree/a b/src/hook/.libs" "$tree/lost/src/cli"
cp "$pt" "$tree/a b/src/cli/" && cp "$library" "$tree/a b/src/hook/.libs/"
cp "$pt" "$tree/src/cli/doctor" "$tree/lost/src/cli/"
mkdir -p "$tree/moved/bin" "$tree/moved/lib" "$tree/moved/libexec/pythread-trace"
cp "$pt" "$tree/moved/bin/" && cp "$library" "$tree/moved/lib/"
cp "$tree/src/cli/doctor" "$tree/moved/libexec/pythread-trace/"
good=$pt
pt="$tree/a b/src/cli/pythread-trace"
expect 125 'takes no path with a colon or a space' run true
pt=$tree/lost/src/cli/pythread-trace
expect 125 'libpythread-trace.so is missing' run true
expect 125 'libpythread-trace.so is missing' doctor
pt=$tree/moved/bin/pythread-trace
output "$tree/moved/lib/libpythread-trace.so" run sh -c 'echo "$LD_PRELOAD"'
expect 127 "'no-such-python' was not found" doctor no-such-python
expect 125 'record is missing in' record true
pt=$good

# Doctor, of what is no interpreter.
expect 2 '--frob: no such option' doctor --frob
expect 2 'one PYTHON at a time' doctor a b
expect 127 "'no-such-python' was not found in PATH" doctor no-such-python
expect 126 'Is a directory' doctor /
expect 126 'is not a working CPython (exit status 0)' doctor true
expect 126 'is not a working CPython' doctor -- false
# what_it_says TEXT: on standard error, before it fails.
what_it_says() {
	printf '#!/bin/sh\nprintf "%%b\\n" "%s" >&2\nexit 2\n' "$1" >"$tree/bin/says"
	chmod +x "$tree/bin/says"
}
quoted='is not a working CPython (exit status 2)'
for text in 'ModuleNotFoundError: no encodings' 'zlib.error.OddException' \
	'Fatal Python error: init_fs_encoding' 'x: error while loading shared libraries: libpython'; do
	what_it_says "Traceback:\\n$text"
	expect 126 "$quoted: $text" doctor "$tree/bin/says"
done
for text in ': File name too long' 'RuntimeError: 1\\nTry --help' 'Error2: x' 'Errors' ''; do
	what_it_says "$text"
	expect 126 "$quoted" doctor "$tree/bin/says"
	grep -q "(exit status 2)\$" "$tree/err" || fail "doctor repeats $text: $(cat "$tree/err")"
done
expect 126 'neither a program nor a script' doctor "$tree/bin/bare"
printf '#!/bin/sh\nkill -SEGV $$\n' >"$tree/bin/crash"
chmod +x "$tree/bin/crash"
expect 126 'was ended by signal 11' doctor "$tree/bin/crash"
printf '#!/bin/sh\necho "{\\"implementation\\": \\"pypy\\"}"\n' >"$tree/bin/pypy"
chmod +x "$tree/bin/pypy"
expect 126 'is not CPython but pypy' doctor "$tree/bin/pypy"
TMPDIR=$tree/missing
export TMPDIR
expect 125 'no directory can be made' doctor true
TMPDIR=$tree/other
rm -f "$tree/other/tool"
expect 126 'is not a working' doctor true
[ -z "$(ls "$tree/other")" ] || fail "doctor leaves files behind"

[ "$failures" = 0 ] && echo "all checks of the command passed"
[ "$failures" = 0 ]
