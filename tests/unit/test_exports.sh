#!/bin/sh
# SPDX-License-Identifier: MIT
# What libpythread-trace.so exports must be functions.def and the few libc functions it stands in
# front of; nothing else may leak into a program's name space.
set -eu
library=${top_builddir:?}/src/hook/.libs/libpythread-trace.so
source=${top_srcdir:?}/src/hook
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
	sed -n 's/^HOOK([^,]*, \([A-Za-z_]*\),.*/\1/p' "$source/functions.def"
	cat <<-END
		pthread_key_create pthread_key_delete pthread_create __register_atfork dlclose close close_range closefrom
		_exit _Exit quick_exit
		execve execv execvp execvpe execl execlp execle fexecve execveat
		pythread_trace_report pythread_trace_name pythread_trace_name_key
	END
} | tr ' ' '\n' | sed '/^$/d' | sort >"$work/wanted"
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$work/exported"

if ! diff -u "$work/wanted" "$work/exported"; then
	echo "FAIL: the exports (+) differ from the tables (-)"
	exit 1
fi

# A preload's own dependencies end up in every program's name space: none but libc's.
needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v '^libc\.so\|^ld-linux' || :)
if [ -n "$needed" ]; then
	echo "FAIL: the preloaded library pulls in $needed"
	exit 1
fi

tls=$(readelf -lW "$library" | awk '$1 == "TLS" { print $6 }')
if [ "$((tls))" -gt 1024 ]; then
	echo "FAIL: $((tls)) bytes of thread-local storage, more than 1024"
	exit 1
fi
echo "exports, dependencies and thread-local storage ($((tls)) bytes) are as they should be"
