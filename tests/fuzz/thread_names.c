/* SPDX-License-Identifier: MIT */
/* A process may be called anything, and the kernel writes its name between the numbers. */
#include "base/alone.h"
#include "fuzz.h"
#include "report/age.h"
#include "report/thread_name.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *name = input_text(&input, '\0'), read[THREAD_NAME_SIZE], *cut;
	static struct timespec start;
	static bool alone;

	if (!start.tv_sec) {
		clock_gettime(CLOCK_REALTIME, &start);
		alone = alone_in_process();
	}
	prctl(PR_SET_NAME, name);
	REQUIRE(age_is_after_start(&start));
	REQUIRE(!age_is_after_start(&(struct timespec){start.tv_sec - 1000000, 0}));
	REQUIRE(alone_in_process() == alone);
	cut = strndup(name, THREAD_NAME_SIZE - 1);
	REQUIRE(thread_name_read(gettid(), read) == (cut[0] != '\0'));
	REQUIRE(strcmp(read, cut) == 0);
	free(cut);
	free(name);
	return 0;
}
