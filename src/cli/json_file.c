/* SPDX-License-Identifier: MIT */
#include "cli/json_file.h"

#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * 0, or an errno. What json-c has no memory for it leaves out, and only errno tells, until it reads
 * a number: so it is given one letter at a time.
 */
static int parse(FILE *file, struct json_object **object)
{
	struct json_tokener *tokener = json_tokener_new();
	char letter;
	int error;

	if (!tokener)
		return ENOMEM;
	for (;;) {
		errno = 0;
		if (fread(&letter, 1, 1, file) != 1)
			break;
		*object = json_tokener_parse_ex(tokener, &letter, 1);
		if (errno == ENOMEM || json_tokener_get_error(tokener) != json_tokener_continue)
			break;
	}
	error = errno == ENOMEM || ferror(file) ? errno : 0;
	json_tokener_free(tokener);
	return error;
}

bool json_file_read(const char *path, struct json_object **object)
{
	FILE *file = fopen(path, "re");
	int error = file || errno == ENOENT ? 0 : errno;

	*object = NULL;
	if (file) {
		error = parse(file, object);
		fclose(file);
	}
	if (!error && json_object_is_type(*object, json_type_object))
		return true;
	json_object_put(*object);
	*object = NULL;
	if (error)
		complain("%s cannot be read: %s", path, strerror(error));
	return !error;
}
