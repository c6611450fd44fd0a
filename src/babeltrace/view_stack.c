/* SPDX-License-Identifier: MIT */
#include "babeltrace/view_internal.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

/* The call is before the address it returns to. */
static void show_frame(struct making *making, struct shown_frame *out, uint64_t ip, uint64_t time)
{
	struct image *image = images_at(&making->process->images, ip - 1, time);
	struct symbol symbol = lookup_code(&making->wanted->places, image, ip - 1);

	out->ip = ip - 1;
	out->module = image ? image->path : NULL;
	out->offset = symbol.offset;
	out->function = symbol.function;
	out->file = symbol.file;
	out->line = symbol.line;
}

static bool show_native(struct making *making, struct shown_stack *out, const struct spot *spot)
{
	unsigned int count = spot->pile ? spot->pile->count : spot->caller ? 1 : 0;
	struct shown_frame *frames = pool_take(&making->view->pool, count, sizeof(*frames));

	if (!frames)
		return false;
	out->native = frames;
	out->native_count = count;
	if (!spot->pile) {
		out->native_absent = count ? "only the caller was noted" : "none was taken";
		if (count)
			show_frame(making, frames, spot->caller, spot->time);
		return true;
	}
	for (unsigned int i = 0; i < count; i++)
		show_frame(making, &frames[i], spot->pile->ip[i], spot->time);
	return true;
}

static unsigned int count_lines(const char *text)
{
	unsigned int lines = 0;

	for (; *text; lines++)
		text += strcspn(text, "\n"), text += *text == '\n';
	return lines;
}

/* FUNCTION (FILE:LINE); a file's name may hold anything, the line comes last. */
static void parse_frame(struct making *making, struct shown_python_frame *out, const char *line,
			size_t length)
{
	char *text = pool_copy(&making->view->pool, line, length);
	char *file, *number;

	if (!text)
		return;
	out->function = text;
	file = strstr(text, " (");
	if (!file || text[length - 1] != ')')
		return;
	text[length - 1] = '\0';
	*file = '\0';
	out->file = file + 2;
	number = strrchr(file + 2, ':');
	if (!number)
		return;
	*number = '\0';
	out->line = atoi(number + 1);
}

static bool show_python(struct making *making, struct shown_stack *out, const struct spot *spot)
{
	const char *text = process_python(making->process, spot->python);
	struct shown_python_frame *frames;
	unsigned int count;

	if (!text) {
		out->python_absent = spot->python ? "the trace lost it" : "none was taken";
		return true;
	}
	count = count_lines(text);
	frames = pool_take(&making->view->pool, count, sizeof(*frames));
	if (!frames)
		return false;
	for (unsigned int i = 0; i < count; i++) {
		size_t length = strcspn(text, "\n");

		if (length)
			parse_frame(making, &frames[i], text, length);
		text += length + (text[length] == '\n');
	}
	out->python = frames;
	out->python_count = count;
	return true;
}

bool view_fill_stack(struct making *making, struct shown_stack *out, const struct spot *spot,
		     enum site_role role, const char *caption)
{
	out->role = role;
	out->caption = caption;
	out->tid = spot->tid;
	out->thread_name = view_thread_name(making, spot->tid);
	return show_native(making, out, spot) && show_python(making, out, spot);
}

const struct shown_stack *view_stack(struct making *making, const struct spot *spot,
				     enum site_role role, const char *caption)
{
	struct shown_stack *stack = pool_take(&making->view->pool, 1, sizeof(*stack));

	if (!spot->there || !stack || !view_fill_stack(making, stack, spot, role, caption))
		return NULL;
	return stack;
}

const char *view_thread_name(const struct making *making, int32_t tid)
{
	const struct thread *thread = tid ? process_find_thread(making->process, tid) : NULL;

	return thread && thread->name[0] ? thread->name : NULL;
}

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Where " in LIBRARY" or " of LIBRARY" begins, at the end of a name that was made up; or NULL. */
static const char *made_up(const struct object_note *note, const char *word)
{
	const char *library = note->module ? path_last(note->module) : NULL;
	size_t length = strlen(note->name), end = library ? strlen(library) + strlen(word) : 0;
	const char *at = note->name + length - end;

	if (!library || end >= length || !begins_with(at, word) ||
	    strcmp(at + strlen(word), library) != 0)
		return NULL;
	return at;
}

void view_name(struct making *making, const char **name, const char **symbol,
	       const struct object_note *note)
{
	const char *in;

	if (!note->name || made_up(note, " of "))
		return;
	in = made_up(note, " in ");
	if (!in)
		*name = note->name;
	else if (!*symbol)
		*symbol = pool_copy(&making->view->pool, note->name, (size_t)(in - note->name));
}

bool view_is_interpreter(const struct process *process, uint64_t address, uint64_t time)
{
	const struct image *image = images_at(&process->images, address - 1, time);
	const char *name;

	if (!address || !image)
		return false;
	name = path_last(image->path);
	return begins_with(name, "libpython") || begins_with(name, "python");
}
