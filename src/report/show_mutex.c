/* SPDX-License-Identifier: MIT */
#include "report/show_mutex.h"

static struct story make_story(enum site_role role, const char *caption, const struct site *site)
{
	return (struct story){.role = role, .caption = caption, .site = *site};
}

static struct story first_use(const struct site *site)
{
	return make_story(ROLE_OTHER, "first used", site);
}

static struct story waited_for(const struct report_mutex *mutex)
{
	return make_story(ROLE_OTHER, "waited for", &mutex->waited_for);
}

static struct story waiting(const struct report_wait *wait)
{
	return make_story(ROLE_HERE, "waiting", &wait->site);
}

static struct story locked(const struct report_wait *wait)
{
	return make_story(ROLE_LOCKED, "locked", &wait->locked);
}

/* Of a site that was never filled in there is nothing to show. */
static size_t measure(struct story story)
{
	return story.site.tid ? show_measure(&story) : 0;
}

static const struct shown_stack *show(struct block *block, struct story story)
{
	struct shown_stack *stack;

	if (!story.site.tid)
		return NULL;
	stack = block_take(block, 1, sizeof(*stack));
	show_story(block, stack, &story);
	return stack;
}

/* Address and name are there. */
static void show_id(struct block *block, struct shown_mutex_id *out, uint32_t home,
		    const struct site *first)
{
	const struct module *module = module_get(home		 ? home
						 : first->caller ? module_at(first->caller)
								 : 0);
	struct symbol symbol = show_variable(block, home, out->address);

	out->symbol = symbol.function;
	out->into = symbol.into;
	out->module = module ? module->path : NULL;
	out->is_home = home;
	out->offset = symbol.offset;
	out->first_use = show(block, first_use(first));
}

size_t show_measure_mutexes(struct chosen chosen, unsigned int *count)
{
	const struct report_mutex *mutex;
	size_t size = 0;

	for (*count = 0; (mutex = chosen_next(&chosen)); (*count)++) {
		size += sizeof(struct shown_mutex) + measure(first_use(&mutex->first_use)) +
			measure(waited_for(mutex));
	}
	return size;
}

const struct shown_mutex *show_mutexes(struct block *block, struct chosen chosen,
				       unsigned int count)
{
	struct shown_mutex *mutexes = block_take(block, count, sizeof(*mutexes));

	for (unsigned int i = 0; i < count; i++) {
		const struct report_mutex *mutex = chosen_next(&chosen);

		mutexes[i].facts = mutex;
		mutexes[i].id.address = mutex->address;
		mutexes[i].id.name = mutex->name;
		show_id(block, &mutexes[i].id, mutex->module, &mutex->first_use);
		mutexes[i].waited_for = show(block, waited_for(mutex));
	}
	return mutexes;
}

size_t show_measure_waits(const struct report_facts *facts)
{
	size_t size = 0;

	for (unsigned int i = 0; i < facts->wait_count; i++) {
		const struct report_wait *wait = &facts->waits[i];

		size += sizeof(struct shown_wait) + 2 * THREAD_NAME_SIZE +
			measure(first_use(&wait->first_use)) + measure(waiting(wait)) +
			measure(locked(wait));
	}
	return size;
}

const struct shown_wait *show_waits(struct block *block, const struct report_facts *facts)
{
	struct shown_wait *waits = block_take(block, facts->wait_count, sizeof(*waits));

	for (unsigned int i = 0; i < facts->wait_count; i++) {
		const struct report_wait *wait = &facts->waits[i];

		waits[i].facts = wait;
		waits[i].id.address = wait->mutex;
		waits[i].id.name = wait->mutex_name;
		show_id(block, &waits[i].id, wait->module, &wait->first_use);
		waits[i].waiting = show(block, waiting(wait));
		waits[i].locked = wait->holder ? show(block, locked(wait)) : NULL;
		waits[i].thread_name = show_thread_name(block, wait->tid);
		waits[i].holder_name = wait->holder ? show_thread_name(block, wait->holder) : NULL;
	}
	return waits;
}
