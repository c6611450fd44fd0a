/* SPDX-License-Identifier: MIT */
/* The options whose value is a number. */
#include "base/clock.h"
#include "options/values.h"

#include <limits.h>

#define STACK_DEPTH_LIMIT 256

/* In the option's own unit: three years of seconds. Times any scale it fits in 64 bits. */
#define DURATION_LIMIT UINT64_C(99999999)

/* The digit that the text begins with, or -1. */
static int digit(struct span value)
{
	int found = value.length ? value.text[0] - '0' : -1;

	return found <= 9 ? found : -1;
}

static void skip(struct span *value)
{
	value->text++;
	value->length--;
}

static bool number(struct span value, int least, int most, int *out)
{
	int result = 0;

	if (value.length == 0)
		return false;
	for (; value.length; skip(&value)) {
		int next = digit(value);

		if (next < 0 || result > (most - next) / 10)
			return false;
		result = result * 10 + next;
	}
	*out = result;
	return result >= least;
}

const char *value_status(void *member, struct span *value)
{
	return number(*value, 0, 255, member) ? NULL : "is not a number from 0 to 255";
}

const char *value_pid(void *member, struct span *value)
{
	return number(*value, 1, INT_MAX, member) ? NULL : "is not a process number";
}

const char *value_depth(void *member, struct span *value)
{
	int depth = 1;
	bool good = number(*value, 1, STACK_DEPTH_LIMIT, &depth);

	*(unsigned int *)member = (unsigned int)depth;
	return good ? NULL : "is not a number from 1 to 256";
}

/* Digits after the point, as so many of `scale`; what is too small to tell is more than nothing. */
static bool fraction(struct span *value, uint64_t scale, uint64_t *out)
{
	uint64_t result = 0;
	bool rest = false, any = false;

	for (; digit(*value) >= 0; skip(value)) {
		any = true;
		rest = rest || (scale == 1 && digit(*value) > 0);
		if (scale == 1)
			continue;
		scale /= 10;
		result += (uint64_t)digit(*value) * scale;
	}
	*out += result + rest;
	return any;
}

/* "12", "0.5", in units of which one is `scale` (a power of ten) of the result's. */
static bool duration(struct span value, uint64_t scale, uint64_t *out)
{
	uint64_t whole = 0;
	bool good = digit(value) >= 0;

	for (; good && digit(value) >= 0; skip(&value)) {
		whole = whole * 10 + (uint64_t)digit(value);
		good = whole <= DURATION_LIMIT;
	}
	*out = whole * scale;
	if (good && value.length && value.text[0] == '.') {
		skip(&value);
		good = fraction(&value, scale, out);
	}
	return good && value.length == 0;
}

const char *value_seconds(void *member, struct span *value)
{
	return duration(*value, MS_PER_S, member)
		       ? NULL
		       : "is not a number of seconds from 0 to 99999999, such as 30 or 0.5";
}

const char *value_milliseconds(void *member, struct span *value)
{
	return duration(*value, NS_PER_MS, member)
		       ? NULL
		       : "is not a number of milliseconds from 0 to 99999999, such as 20 or 0.5";
}
