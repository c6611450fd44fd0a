/* SPDX-License-Identifier: MIT */
/* Well-formed and broken UTF-8: its characters, and what is printed of it. */
#include "report/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_length(void **state)
{
	static const struct {
		const char *text;
		unsigned int length;
	} cases[] = {
		{"a", 1},
		{"\x7f", 1},
		{"\xc3\xa9", 2},
		{"\xe2\x82\xac", 3},
		{"\xf0\x9f\x90\x8d", 4},
		{"\x80", 0},		 /* a byte that only continues */
		{"\xc3", 0},		 /* cut off */
		{"\xe2\x82", 0},	 /* cut off */
		{"\xc0\xaf", 0},	 /* longer than need be */
		{"\xe0\x80\xaf", 0},	 /* longer than need be */
		{"\xed\xa0\x80", 0},	 /* a surrogate */
		{"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
		{"\xff", 0},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(utf8_length(cases[i].text), cases[i].length);
}

static void test_printable(void **state)
{
	struct buffer out = {0};

	(void)state;
	utf8_add_printable(&out, "caf\xc3\xa9\x1b[2J\n\x7f\xc2\x9b\xc2\xa0\xff!");
	assert_string_equal(out.data, "caf\xc3\xa9\\x1b[2J\\x0a\\x7f\\xc2\\x9b\xc2\xa0\\xff!");
	buffer_free(&out);
}

static void test_wellformed(void **state)
{
	struct buffer out = {0};

	(void)state;
	utf8_add_wellformed(&out, "a\n\xc3\xa9\xc3(\xed\xa0\x80");
	assert_string_equal(out.data, "a\n\xc3\xa9\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf"
				      "\xbd");
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_wellformed),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
