#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The manual, the completion and doctor's probe say what the tables say: every option, every kind of
# finding, every function.

top=${srcdir:-.}/../..
manual=$top/scripts/man
completion=$top/scripts/completion/pythread-trace
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# The quoted names of a table's entries: table MACRO FILE.
table() {
	tr '\n' ' ' <"$2" | grep -o "\\<$1([^\"()]*\"[a-z-]*\"" | sed 's/.*"\(.*\)"/\1/'
}

options=$(table OPTION "$top/src/options/options.def")
recording=$(table RECORD "$top/src/options/options.def")
kinds=$(table FINDING "$top/src/model/findings.def")
functions=$(sed -n 's/^HOOK(.*, \(_\{0,1\}Py[a-zA-Z_]*\), (.*/\1/p' "$top/src/hook/functions.def")

[ "$(echo "$options" | wc -w)" -ge 14 ] || fail "the options cannot be read from their table"
[ "$(echo "$recording" | wc -w)" = 7 ] ||
	fail "the options of record cannot be read from their table"
[ "$(echo "$kinds" | wc -w)" = "$(grep -c '^FINDING(' "$top/src/model/findings.def")" ] ||
	fail "the kinds cannot be read from their table"
[ "$(echo "$functions" | wc -w)" = 17 ] || fail "the functions cannot be read from their table"

for option in $options $recording; do
	grep -q "^\\.It Fl -$option\\>" "$manual/pythread-trace.1" ||
		fail "--$option is not in pythread-trace(1)"
	grep -qw -- "--$option" "$completion" || fail "--$option is not in the completion"
done

# Severities too: "FINDING(..., "kind", ERROR, LEAK, ..." is "(error, strict: leak)".
for kind in $kinds; do
	severities=$(tr '\n' ' ' <"$top/src/model/findings.def" |
		sed -n "s/.*\"$kind\", *\\([A-Z]*\\), *\\([A-Z]*\\),.*/\\1 \\2/p" | tr '[:upper:]' '[:lower:]')
	case $severities in
	*' '*) ;;
	*) fail "the severities of $kind cannot be read from the table" ;;
	esac
	normal=${severities% *} strict=${severities#* }
	if [ "$normal" = "$strict" ]; then
		heading=".It Sy $kind Pq $normal"
	else
		heading=".It Sy $kind Pq $normal, strict: $strict"
	fi
	grep -qxF "$heading" "$manual/pythread-trace.7" ||
		fail "pythread-trace(7) has no line '$heading'"
	grep -qw -- "$kind" "$completion" || fail "$kind is not in the completion"
	grep -qF ".Dl $kind:" "$manual/pythread-trace.7" ||
		fail "pythread-trace(7) shows no suppression for $kind"
done
[ "$(grep -c '^\.It Sy .* Pq ' "$manual/pythread-trace.7")" = "$(echo "$kinds" | wc -w)" ] ||
	fail "pythread-trace(7) has a kind that is not in the table"

for function in $functions; do
	grep -qw "$function" "$top/src/cli/probe.py" || fail "$function is not in doctor's probe"
done
annotations=$(sed -n 's/^PYTHREAD_TRACE_API void \([a-z_]*\)(.*/\1/p' \
	"$top/include/pythread-trace/pythread-trace.h")
[ "$(echo "$annotations" | wc -w)" = 3 ] || fail "the annotations cannot be read from their header"
for function in $annotations; do
	grep -q "^\\.Fn $function " "$manual/libpythread-trace.3" ||
		fail "$function is not in libpythread-trace(3)"
done

if command -v mandoc >/dev/null; then
	complaints=$(mandoc -Tlint -Wwarning "$manual"/*.[137])
	[ -z "$complaints" ] || fail "mandoc: $complaints"
else
	echo "mandoc is not here: the pages were not checked for their syntax"
fi
if command -v bash >/dev/null; then
	bash -n "$completion" || fail "the completion cannot be read by bash"
	# completed WORD...: what is offered for the last word.
	completed() {
		bash -c '. "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) &&
			_pythread_trace && echo "${COMPREPLY[*]}"' "$completion" pythread-trace "$@"
	}
	[ "$(completed run --fail-on error,tss-cop)" = error,tss-copied ] ||
		fail "completion of a list with a kind: $(completed run --fail-on error,tss-cop)"
	[ "$(completed run --fail-on = le)" = leak ] || fail "completion of a severity"
	[ "$(completed run --fail-on leak,le)" = '' ] || fail "completion repeats a severity"
	[ "$(completed record --sna)" = --snapshot ] || fail "completion of an option of record"
	[ -z "$(completed run --sna)" ] || fail "completion offers run an option of record"
	[ "$(completed record --context vuid,vpi)" = vuid,vpid ] || fail "completion of a context"
	[ "$(completed report --form)" = --format ] || fail "completion of an option of report"
	[ "$(completed report --format = j)" = json ] || fail "completion of a value of report"
	[ "$(completed views install --w)" = --workspace ] || fail "completion of an option of views"
	[ "$(completed doctor "$top/README")" = "$top/README.md" ] || fail "completion of a file"
	[ "$(completed run --fail-on '' | wc -w)" = $((4 + $(echo "$kinds" | wc -w))) ] ||
		fail "completion does not offer all that --fail-on takes"
fi

[ "$failures" = 0 ] && echo "manual and completion are complete"
[ "$failures" = 0 ]
