/* SPDX-License-Identifier: MIT */
/* Writing to protected pages, and leaving them as they were. */
#include "hook/patch.h"
#include "write_protected.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static uintptr_t *page_with(int protection)
{
	uintptr_t *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(page, MAP_FAILED);
	page[3] = 1;
	assert_int_equal(mprotect(page, 4096, protection), 0);
	return page;
}

static void protected_page_stays_protected(void **state)
{
	uintptr_t *page = page_with(PROT_READ);

	(void)state;
	errno = 77;
	assert_int_equal(patch_word(&page[3], 5, PROT_READ), 0);
	assert_int_equal(page[3], 5);
	assert_true(is_write_protected(&page[3]));
	assert_int_equal(patch_word(&page[3], 6, -1), 0); /* the kernel is asked */
	assert_int_equal(page[3], 6);
	assert_true(is_write_protected(&page[3]));
	assert_int_equal(errno, 77);
}

static void words_on_several_pages(void **state)
{
	char *pages = mmap(NULL, (size_t)3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uintptr_t *first = (uintptr_t *)(pages + 8), *last = (uintptr_t *)(pages + 2 * 4096);
	const struct patch patches[] = {{last, 5}, {first, 6}};

	(void)state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(patch_words(patches, countof(patches), PROT_READ), 0);
	assert_int_equal(*last, 5);
	assert_int_equal(*first, 6);
	assert_true(is_write_protected(first));
	assert_true(is_write_protected(last));
	assert_int_equal(munmap(pages + 4096, 4096), 0);
	assert_int_equal(patch_words(patches, 0, PROT_READ), 0);
	assert_int_equal(patch_words(patches, countof(patches), PROT_READ), ENOMEM);
}

static void writable_page_stays_writable(void **state)
{
	uintptr_t *page = page_with(PROT_READ | PROT_WRITE);

	(void)state;
	assert_int_equal(patch_word(&page[3], 5, -1), 0);
	assert_int_equal(page[3], 5);
	assert_false(is_write_protected(&page[3]));
}

static void unmapped_memory_is_refused(void **state)
{
	uintptr_t *page = (uintptr_t *)4096; /* the kernel gives this page to nobody */

	(void)state;
	assert_int_not_equal(patch_word(&page[3], 5, -1), 0);
	assert_int_not_equal(patch_word(&page[3], 5, PROT_READ), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protected_page_stays_protected),
		cmocka_unit_test(words_on_several_pages),
		cmocka_unit_test(writable_page_stays_writable),
		cmocka_unit_test(unmapped_memory_is_refused),
	};

	return cmocka_run_group_tests_name("patching a word", tests, NULL, NULL);
}
