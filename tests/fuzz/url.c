/* SPDX-License-Identifier: MIT */
/* --url: what passes the check of its form can be taken apart and put together again. */
#include "record/url.h"

#include "cli/command.h"
#include "fuzz.h"
#include "options/options.h"

#include <stdlib.h>
#include <string.h>

/* A URL that is too long is complained of. */
void complain(const char *format, ...)
{
	REQUIRE(*format);
}

static bool is_url(const char *text)
{
	struct options_error error;
	struct options options;

	options_default(&options);
	return options_set(&options, "url", text, &error) && strcmp(options.url, text) == 0;
}

static void take_apart(const char *text)
{
	struct relay_url relay, again;
	char printed[2048], twice[2048];

	if (!url_parse(&relay, text))
		return;
	REQUIRE(relay.host[0]);
	REQUIRE(relay.control > 0 && relay.control < 65536 && relay.data > 0 && relay.data < 65536);
	REQUIRE(!relay.path[0] || relay.path[0] == '/');
	url_print(&relay, printed, sizeof(printed));
	REQUIRE(is_url(printed));
	REQUIRE(url_parse(&again, printed));
	url_print(&again, twice, sizeof(twice));
	REQUIRE(strcmp(printed, twice) == 0);
	REQUIRE(strcmp(relay.host, again.host) == 0 && strcmp(relay.path, again.path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *text = input_text(&input, '\0');

	if (is_url(text)) {
		if (url_is_file(text))
			REQUIRE(url_path(text)[0] == '/');
		else
			take_apart(text);
	}
	free(text);
	fuzz_forget();
	return 0;
}
