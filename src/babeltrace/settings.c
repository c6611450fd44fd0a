/* SPDX-License-Identifier: MIT */
#include "babeltrace/settings.h"

#include "report/suppress.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void settings_default(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	setlocale(LC_CTYPE, "");
	settings->print.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	settings->print.view.top = TOP_DEFAULT;
	settings->print.view.waits = WAITS_DEFAULT;
	settings->print.view.places.debug_dir[0] = "/usr/lib/debug";
	settings->print.view.places.debug_dirs = 1;
}

bool settings_suppress(struct settings *settings, const char *file, char *error, size_t size)
{
	struct file_list list = {.count = 1, .path = {file}};
	struct options_error problem;

	settings->suppressions++;
	if (suppress_read(&list, &problem))
		return true;
	snprintf(error, size, "%s", problem.text);
	return false;
}

bool settings_write(const struct settings *settings, const struct buffer *text, char *error,
		    size_t size)
{
	FILE *file = settings->output ? fopen(settings->output, "we") : stdout;
	bool good = file && (!text->length || fwrite(text->data, text->length, 1, file) == 1);

	good = file && fflush(file) == 0 && good;
	if (!good)
		snprintf(error, size, "%s cannot be written: %s",
			 settings->output ? settings->output : "standard output", strerror(errno));
	if (file && file != stdout)
		fclose(file);
	return good;
}

struct parameter {
	struct settings *settings;
	const char *name;
	const bt_value *value;
	char *error;
	size_t size;
};

static bool refuse(const struct parameter *parameter, const char *what)
{
	snprintf(parameter->error, parameter->size, "parameter \"%s\": %s", parameter->name, what);
	return false;
}

static bool take_format(const struct parameter *parameter)
{
	const char *format = bt_value_string_get(parameter->value);

	if (strcmp(format, "json") != 0 && strcmp(format, "text") != 0)
		return refuse(parameter, "\"text\" or \"json\"");
	parameter->settings->print.json = format[0] == 'j';
	return true;
}

bool settings_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_directory(const bt_value *value)
{
	return settings_is_directory(bt_value_string_get(value));
}

static bool take_sysroot(const struct parameter *parameter)
{
	if (!is_directory(parameter->value))
		return refuse(parameter, "there is no such directory");
	parameter->settings->print.view.places.sysroot = bt_value_string_get(parameter->value);
	return true;
}

static bool take_debug_dir(const struct parameter *parameter)
{
	struct lookup_places *places = &parameter->settings->print.view.places;

	if (!is_directory(parameter->value))
		return refuse(parameter, "there is no such directory");
	if (places->debug_dirs == DEBUG_DIRS_MAX)
		return refuse(parameter, "too many directories");
	places->debug_dir[places->debug_dirs++] = bt_value_string_get(parameter->value);
	return true;
}

static bool take_text(const struct parameter *parameter)
{
	struct settings *settings = parameter->settings;
	const char *text = bt_value_string_get(parameter->value);

	if (strcmp(parameter->name, "format") == 0)
		return take_format(parameter);
	if (strcmp(parameter->name, "sysroot") == 0)
		return take_sysroot(parameter);
	if (strcmp(parameter->name, "debug-dir") == 0)
		return take_debug_dir(parameter);
	if (strcmp(parameter->name, "suppressions") == 0)
		return settings_suppress(settings, text, parameter->error, parameter->size);
	if (strcmp(parameter->name, "output") == 0)
		settings->output = text;
	else
		return refuse(parameter, "there is none of this name that takes a text");
	return true;
}

static bool take_list(const struct parameter *parameter)
{
	bool good = true;

	for (uint64_t i = 0; good && i < bt_value_array_get_length(parameter->value); i++) {
		struct parameter item = *parameter;

		item.value = bt_value_array_borrow_element_by_index_const(parameter->value, i);
		good = bt_value_is_string(item.value) ? take_text(&item)
						      : refuse(&item, "a list of texts");
	}
	return good;
}

static bool take_number(const struct parameter *parameter)
{
	uint64_t number;

	if (strcmp(parameter->name, "top") != 0)
		return refuse(parameter, "there is none of this name that takes a number");
	number = bt_value_is_unsigned_integer(parameter->value)
			 ? bt_value_integer_unsigned_get(parameter->value)
			 : (uint64_t)bt_value_integer_signed_get(parameter->value);
	if (number > LONGEST_MAX)
		return refuse(parameter, "0 to 100");
	parameter->settings->print.view.top = (unsigned int)number;
	parameter->settings->print.view.waits = (unsigned int)number;
	return true;
}

static bool take_flag(const struct parameter *parameter)
{
	if (strcmp(parameter->name, "all") != 0)
		return refuse(parameter, "there is none of this name that takes true or false");
	parameter->settings->print.view.all = bt_value_bool_get(parameter->value);
	return true;
}

static bt_value_map_foreach_entry_const_func_status take(const char *name, const bt_value *value,
							 void *data)
{
	struct parameter *parameter = data;
	bool good;

	parameter->name = name;
	parameter->value = value;
	if (bt_value_is_string(value))
		good = take_text(parameter);
	else if (bt_value_is_array(value))
		good = take_list(parameter);
	else if (bt_value_is_unsigned_integer(value) || bt_value_is_signed_integer(value))
		good = take_number(parameter);
	else if (bt_value_is_bool(value))
		good = take_flag(parameter);
	else
		good = refuse(parameter, "its value is of the wrong type");
	return good ? BT_VALUE_MAP_FOREACH_ENTRY_CONST_FUNC_STATUS_OK
		    : BT_VALUE_MAP_FOREACH_ENTRY_CONST_FUNC_STATUS_INTERRUPT;
}

bool settings_read(struct settings *settings, const bt_value *params, char *error, size_t size)
{
	struct parameter parameter = {.settings = settings, .error = error, .size = size};

	return bt_value_map_foreach_entry_const(params, take, &parameter) ==
	       BT_VALUE_MAP_FOREACH_ENTRY_CONST_STATUS_OK;
}
