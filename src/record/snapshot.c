/* SPDX-License-Identifier: MIT */
#include "record/snapshot.h"

#include "base/common.h"

#include <lttng/lttng.h>
#include <stdio.h>
#include <string.h>

#define SNAPSHOTS 10
#define EVENT "pythread:finding"
#define FILTER "severity == \"error\""

/* The condition takes the rule. */
static struct lttng_condition *error_occurs(void)
{
	struct lttng_event_rule *rule = lttng_event_rule_user_tracepoint_create();
	struct lttng_condition *condition = NULL;

	if (rule &&
	    lttng_event_rule_user_tracepoint_set_name_pattern(rule, EVENT) ==
		    LTTNG_EVENT_RULE_STATUS_OK &&
	    lttng_event_rule_user_tracepoint_set_filter(rule, FILTER) == LTTNG_EVENT_RULE_STATUS_OK)
		condition = lttng_condition_event_rule_matches_create(rule);
	lttng_event_rule_destroy(rule);
	return condition;
}

/* The first `after` times nothing, then once a snapshot. */
static struct lttng_action *one_snapshot(const char *session, uint64_t after)
{
	struct lttng_action *action = lttng_action_snapshot_session_create();
	struct lttng_rate_policy *policy = lttng_rate_policy_once_after_n_create(after);
	bool good = action && policy &&
		    lttng_action_snapshot_session_set_session_name(action, session) ==
			    LTTNG_ACTION_STATUS_OK &&
		    lttng_action_snapshot_session_set_rate_policy(action, policy) ==
			    LTTNG_ACTION_STATUS_OK;

	lttng_rate_policy_destroy(policy);
	if (good)
		return action;
	lttng_action_destroy(action);
	return NULL;
}

static struct lttng_action *snapshots(const char *session)
{
	struct lttng_action *list = lttng_action_list_create();

	for (uint64_t i = 1; list && i <= SNAPSHOTS; i++) {
		struct lttng_action *action = one_snapshot(session, i);
		bool added = action &&
			     lttng_action_list_add_action(list, action) == LTTNG_ACTION_STATUS_OK;

		lttng_action_destroy(action);
		if (!added) {
			lttng_action_destroy(list);
			return NULL;
		}
	}
	return list;
}

int snapshot_arm(const char *session)
{
	struct lttng_condition *condition = error_occurs();
	struct lttng_action *action = snapshots(session);
	struct lttng_trigger *trigger =
		condition && action ? lttng_trigger_create(condition, action) : NULL;
	int error = LTTNG_ERR_NOMEM;

	if (trigger)
		error = (int)lttng_register_trigger_with_name(trigger, session);
	lttng_trigger_destroy(trigger);
	lttng_action_destroy(action);
	lttng_condition_destroy(condition);
	return error;
}

static bool has_name(const struct lttng_trigger *trigger, const char *wanted)
{
	const char *name = NULL;

	return lttng_trigger_get_name(trigger, &name) == LTTNG_TRIGGER_STATUS_OK && name &&
	       strcmp(name, wanted) == 0;
}

void snapshot_forget(const char *session)
{
	struct lttng_triggers *triggers = NULL;
	unsigned int count = 0;

	if (lttng_list_triggers(&triggers) != LTTNG_OK)
		return;
	lttng_triggers_get_count(triggers, &count);
	for (unsigned int i = 0; i < count; i++) {
		const struct lttng_trigger *trigger = lttng_triggers_get_at_index(triggers, i);

		if (has_name(trigger, session))
			lttng_unregister_trigger(trigger);
	}
	lttng_triggers_destroy(triggers);
}
