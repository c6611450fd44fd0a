/* SPDX-License-Identifier: MIT */
#include "babeltrace/texts.h"

#include "babeltrace/shortage.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) (refused = shortage = true)
static bool refused;

#include <uthash.h>

struct kept_text {
	UT_hash_handle hh;
	char text[];
};

const char *texts_keep(struct texts *texts, const char *text)
{
	struct kept_text *kept;
	size_t length;

	if (!text)
		return NULL;
	length = strlen(text);
	HASH_FIND(hh, texts->all, text, length, kept);
	if (kept)
		return kept->text;
	kept = shortage_note(malloc(sizeof(*kept) + length + 1));
	if (!kept)
		return NULL;
	memcpy(kept->text, text, length + 1);
	refused = false;
	HASH_ADD_KEYPTR(hh, texts->all, kept->text, length, kept);
	if (!refused)
		return kept->text;
	free(kept);
	return NULL;
}

void texts_free(struct texts *texts)
{
	struct kept_text *kept, *next;

	kept = texts->all;
	HASH_CLEAR(hh, texts->all);
	for (; kept; kept = next) {
		next = kept->hh.next;
		free(kept);
	}
}
