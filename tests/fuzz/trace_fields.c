/* SPDX-License-Identifier: MIT */
/*
 * A trace's events as babeltrace2 has read them. In the metadata anybody may have given any fields,
 * of any kind, to events of any name: what the reader takes of them is what it says, and what it
 * wants.
 */
#include "babeltrace/world.h"

static void look_and_see(struct world *world, struct origin *origin, const struct seen *seen);

#define world_see look_and_see
#include "babeltrace/reader.c"
#undef world_see

#include "made_trace.h"

static struct reader reader;

static const uint64_t needs[] = {
#define SEEN(identifier, name, needs) [SEEN_##identifier] = needs,
#include "babeltrace/seen.def"
#undef SEEN
};

static bool is_text(enum field field)
{
	return field >= F_MODULE && field <= F_PROCNAME;
}

/* Nothing is missing, and texts are there. */
static void look_and_see(struct world *world, struct origin *origin, const struct seen *seen)
{
	REQUIRE(seen->kind > SEEN_OTHER && seen->kind < SEEN_KIND_COUNT);
	REQUIRE(seen->has >> FIELD_COUNT == 0 && seen->list.count <= LIST_MAX);
	REQUIRE((seen->has & needs[seen->kind]) == needs[seen->kind]);
	for (unsigned int field = 0; field < FIELD_COUNT; field++) {
		if (seen_has(seen, (enum field)field) && is_text((enum field)field))
			REQUIRE(seen->value[field].text);
	}
	world_see(world, origin, seen);
}

static bt_graph_simple_sink_component_initialize_func_status begin(bt_message_iterator *iterator,
								   void *data)
{
	*(bt_message_iterator **)data = iterator;
	bt_message_iterator_get_ref(iterator);
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_INITIALIZE_FUNC_STATUS_OK;
}

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *iterator,
								  void *data)
{
	bt_message_array_const messages;
	uint64_t count;

	(void)data;
	if (bt_message_iterator_next(iterator, &messages, &count) !=
	    BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
	for (uint64_t i = 0; i < count; i++) {
		REQUIRE(reader_take(&reader, messages[i]));
		bt_message_put_ref(messages[i]);
	}
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
}

static void end(void *data)
{
	bt_message_iterator_put_ref(*(bt_message_iterator **)data);
}

static void run(struct input *input)
{
	bt_message_iterator *iterator = NULL;
	const bt_component_source *source = NULL;
	const bt_component_sink *sink = NULL;
	bt_graph *graph = bt_graph_create(0);

	REQUIRE(graph);
	REQUIRE(bt_graph_add_source_component_with_initialize_method_data(
			graph, made_source(), "made", NULL, input, BT_LOGGING_LEVEL_NONE,
			&source) == BT_GRAPH_ADD_COMPONENT_STATUS_OK);
	REQUIRE(bt_graph_add_simple_sink_component(graph, "reader", begin, consume, end, &iterator,
						   &sink) == BT_GRAPH_ADD_COMPONENT_STATUS_OK);
	REQUIRE(bt_graph_connect_ports(
			graph, bt_component_source_borrow_output_port_by_name_const(source, "out"),
			bt_component_sink_borrow_input_port_by_name_const(sink, "in"),
			NULL) == BT_GRAPH_CONNECT_PORTS_STATUS_OK);
	REQUIRE(bt_graph_run(graph) == BT_GRAPH_RUN_STATUS_OK);
	bt_graph_put_ref(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};

	REQUIRE(reader_begin(&reader));
	run(&input);
	reader_free(&reader);
	return 0;
}
