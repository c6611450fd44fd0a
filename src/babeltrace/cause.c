/* SPDX-License-Identifier: MIT */
#include "babeltrace/cause.h"

#include <babeltrace2/babeltrace.h>
#include <stdio.h>
#include <string.h>

/* What follows ": " and names variables ("addr=0x1, …") is for babeltrace2's own developers. */
static size_t telling_length(const char *message)
{
	size_t length = strcspn(message, "\n");
	const char *at = message;

	while ((at = strstr(at, ": ")) && (size_t)(at - message) < length) {
		size_t word = strcspn(at + 2, " =,:\n");

		if (at[2 + word] == '=' && at > message)
			return (size_t)(at - message);
		at += 2;
	}
	return length;
}

void cause_take(char *out, size_t size)
{
	const bt_error *error = bt_current_thread_take_error();
	const char *message = "";

	if (error && bt_error_get_cause_count(error) > 0)
		message = bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0));
	snprintf(out, size, "%.*s", (int)telling_length(message), message);
	if (!out[0])
		snprintf(out, size, "babeltrace2 does not say why");
	for (char *at = out; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	if (error)
		bt_error_release(error);
}
