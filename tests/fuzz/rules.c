/* SPDX-License-Identifier: MIT */
/* Suppression files, and the patterns in them. */
#include "report/rules.h"

#include "fuzz.h"

#include <fnmatch.h>
#include <string.h>

static const char *const names[] = {
	"",
	"module_init",
	"std::map<int, char[4]>::operator[](int)",
	"/usr/lib/python3/dist-packages/_umath.cpython-311-x86_64-linux-gnu.so",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(data, size);
	struct options_error error;
	struct rule *list = NULL;
	unsigned int line = 0;

	if (!rules_read(&list, path, &error)) {
		REQUIRE(memchr(error.text, '\0', sizeof(error.text)));
		REQUIRE(strncmp(error.text, "suppressions: ", strlen("suppressions: ")) == 0);
		for (const char *at = error.text; *at; at++)
			REQUIRE((unsigned char)*at >= ' ' && *at != 0x7f);
	}
	for (const struct rule *rule = list; rule; rule = rule->next) {
		REQUIRE(rule->line > line);
		REQUIRE(rule->any_kind || rule->kind < FINDING_KIND_COUNT);
		line = rule->line;
		for (size_t i = 0; i < countof(names); i++)
			fnmatch(rule->glob, names[i], 0);
	}
	fuzz_forget();
	return 0;
}
