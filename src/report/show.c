/* SPDX-License-Identifier: MIT */
#include "report/show.h"

#include "report/symbols.h"
#include "stack/stack.h"

void *block_take(struct block *block, size_t count, size_t size)
{
	void *taken = block->next;

	block->next += count * size;
	return taken;
}

/* Where no stack was taken, the caller alone is one frame. */
static unsigned int native_frames(const struct site *site)
{
	const struct native_stack *stack = stack_native(site);

	if (stack)
		return stack->count;
	return site->caller ? 1 : 0;
}

size_t show_measure(const struct story *story)
{
	const struct python_stack *python = stack_python(&story->site);

	return sizeof(struct shown_stack) +
	       sizeof(struct shown_frame) * native_frames(&story->site) +
	       sizeof(struct shown_python_frame) * (python ? python->count : 0);
}

/* Why a site has no stacks that nobody asked for, because it is not worth them; NULL: they were
 * asked for. */
static const char *bare(const struct site *site)
{
	if (!site->tid || site->native || site->python)
		return NULL;
	return site->caller ? "only the caller was noted" : "none was taken";
}

/* The call is before the address it returns to. */
static void show_frame(struct block *block, struct shown_frame *out, uintptr_t ip, uint32_t id)
{
	const struct module *module = module_get(id);
	struct symbol symbol = symbols_code(block->plugin, id, ip - 1);

	out->ip = ip - 1;
	out->module = module ? module->path : NULL;
	out->offset = symbol.offset;
	out->function = symbol.function;
	out->file = symbol.file;
	out->line = symbol.line;
}

static void show_native(struct block *block, struct shown_stack *out, const struct site *site)
{
	const struct native_stack *stack = stack_native(site);
	struct shown_frame *frames;

	out->native_count = native_frames(site);
	frames = block_take(block, out->native_count, sizeof(*frames));
	out->native = frames;
	if (!stack) {
		out->native_absent = bare(site) ? bare(site) : stack_native_absent(site);
		if (site->caller)
			show_frame(block, frames, (uintptr_t)site->caller, module_at(site->caller));
		return;
	}
	for (unsigned int i = 0; i < stack->count; i++)
		show_frame(block, &frames[i], stack->frame[i].ip, stack->frame[i].module);
}

static void show_python(struct block *block, struct shown_stack *out, const struct site *site)
{
	const struct python_stack *stack = stack_python(site);
	struct shown_python_frame *frames;

	if (!stack) {
		out->python_absent = bare(site) ? bare(site) : stack_python_absent(site);
		return;
	}
	frames = block_take(block, stack->count, sizeof(*frames));
	for (unsigned int i = 0; i < stack->count; i++) {
		frames[i].function = stack->frame[i].function;
		frames[i].file = stack->frame[i].file;
		frames[i].line = stack->frame[i].line;
	}
	out->python = frames;
	out->python_count = stack->count;
}

void show_story(struct block *block, struct shown_stack *out, const struct story *story)
{
	out->role = story->role;
	out->caption = story->caption;
	out->tid = story->site.tid;
	show_native(block, out, &story->site);
	show_python(block, out, &story->site);
}

struct symbol show_variable(struct block *block, uint32_t module, const void *address)
{
	const struct module *home = module_get(module);
	struct symbol symbol = {0};

	if (!home)
		return symbol;
	if (module_still_at(module, address))
		return symbols_data(block->plugin, module, (uintptr_t)address);
	symbol.offset = (uintptr_t)address - home->bias;
	return symbol;
}

const char *show_thread_name(struct block *block, pid_t tid)
{
	char *name = block_take(block, 1, THREAD_NAME_SIZE);

	return thread_name_read(tid, name) ? name : NULL;
}
