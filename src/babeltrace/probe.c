/* SPDX-License-Identifier: MIT */
#include "babeltrace/probe.h"

#include "babeltrace/cause.h"

#include <stdio.h>
#include <string.h>

bt_value *probe_params(const char *const *inputs, unsigned int count)
{
	bt_value *params = bt_value_map_create(), *array;

	if (!params || bt_value_map_insert_empty_array_entry(params, "inputs", &array) !=
			       BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK)
		return params;
	for (unsigned int i = 0; i < count; i++)
		bt_value_array_append_string_element(array, inputs[i]);
	return params;
}

/* Takes params over. The caller puts the result. */
static const bt_value *ask(const bt_component_class *fs, const char *what, bt_value *params,
			   char *error, size_t size)
{
	bt_query_executor *executor = params ? bt_query_executor_create(fs, what, params) : NULL;
	const bt_value *result = NULL;

	if (!executor ||
	    bt_query_executor_query(executor, &result) != BT_QUERY_EXECUTOR_QUERY_STATUS_OK) {
		cause_take(error, size);
		result = NULL;
	}
	if (executor)
		bt_query_executor_put_ref(executor);
	if (params)
		bt_value_put_ref(params);
	return result;
}

static double weight_of(const bt_value *answer)
{
	const bt_value *weight = answer;

	if (bt_value_is_map(answer))
		weight = bt_value_map_borrow_entry_value_const(answer, "weight");
	return weight && bt_value_is_real(weight) ? bt_value_real_get(weight) : 0;
}

static void copy_group(const bt_value *answer, char *out, size_t size)
{
	const bt_value *group = bt_value_is_map(answer)
					? bt_value_map_borrow_entry_value_const(answer, "group")
					: NULL;

	snprintf(out, size, "%s",
		 group && bt_value_is_string(group) ? bt_value_string_get(group) : "");
}

bool probe_group(const bt_component_class *fs, const char *path, char *out, size_t size,
		 char *error, size_t error_size)
{
	bt_value *params = bt_value_map_create();
	const bt_value *answer;
	bool supported;

	if (params) {
		bt_value_map_insert_string_entry(params, "type", "directory");
		bt_value_map_insert_string_entry(params, "input", path);
	}
	answer = ask(fs, "babeltrace.support-info", params, error, error_size);
	if (!answer) {
		snprintf(error, error_size, "its metadata is damaged");
		return false;
	}
	supported = weight_of(answer) > 0;
	copy_group(answer, out, size);
	bt_value_put_ref(answer);
	if (!supported)
		snprintf(error, error_size, "its metadata is not that of a CTF 1.8 trace");
	return supported;
}

static const bt_value *entry(const bt_value *map, const char *name)
{
	return map && bt_value_is_map(map) ? bt_value_map_borrow_entry_value_const(map, name)
					   : NULL;
}

static bool number(const bt_value *value, int64_t *out)
{
	if (!value || !bt_value_is_signed_integer(value))
		return false;
	*out = bt_value_integer_signed_get(value);
	return true;
}

static void widen(struct probe_range *range, const bt_value *stream)
{
	const bt_value *told = entry(stream, "range-ns");
	int64_t begin, end;

	if (!number(entry(told, "begin"), &begin) || !number(entry(told, "end"), &end))
		return;
	if (range->begin == range->end) {
		range->begin = begin;
		range->end = end;
	}
	range->begin = begin < range->begin ? begin : range->begin;
	range->end = end > range->end ? end : range->end;
}

static void widen_by_trace(struct probe_range *range, const bt_value *trace)
{
	const bt_value *streams = entry(trace, "stream-infos");

	if (!streams || !bt_value_is_array(streams))
		return;
	for (uint64_t i = 0; i < bt_value_array_get_length(streams); i++)
		widen(range, bt_value_array_borrow_element_by_index_const(streams, i));
}

void probe_measure(const bt_component_class *fs, const char *const *inputs, unsigned int count,
		   struct probe_range *range)
{
	char why[64];
	const bt_value *answer =
		ask(fs, "babeltrace.trace-infos", probe_params(inputs, count), why, sizeof(why));

	if (!answer)
		return;
	for (uint64_t i = 0; bt_value_is_array(answer) && i < bt_value_array_get_length(answer);
	     i++)
		widen_by_trace(range, bt_value_array_borrow_element_by_index_const(answer, i));
	bt_value_put_ref(answer);
}

/* In a graph of its own: one that it fails in cannot be used any more. */
bool probe_open(const bt_component_class_source *fs, const char *const *inputs, unsigned int count,
		char *error, size_t error_size)
{
	bt_graph *graph = bt_graph_create(0);
	bt_value *params = probe_params(inputs, count);
	bool good = graph && params &&
		    bt_graph_add_source_component(graph, fs, "trace", params, BT_LOGGING_LEVEL_NONE,
						  NULL) == BT_GRAPH_ADD_COMPONENT_STATUS_OK;

	if (!good)
		cause_take(error, error_size);
	if (params)
		bt_value_put_ref(params);
	if (graph)
		bt_graph_put_ref(graph);
	return good;
}
