/* SPDX-License-Identifier: MIT */
#include "record/count.h"

#include "babeltrace/index.h"
#include "record/tree.h"

#include <babeltrace2/babeltrace.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORTS_MAX 4096

/* A sink a stream: events need no order to be counted. */
struct stream {
	struct contents *contents;
	bt_message_iterator *iterator;
};

static bt_graph_simple_sink_component_initialize_func_status begin(bt_message_iterator *iterator,
								   void *data)
{
	struct stream *stream = data;

	bt_message_iterator_get_ref(iterator);
	stream->iterator = iterator;
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_INITIALIZE_FUNC_STATUS_OK;
}

static void count_message(struct contents *contents, const bt_message *message)
{
	bt_message_type type = bt_message_get_type(message);
	uint64_t missing = 0;

	if (type == BT_MESSAGE_TYPE_EVENT)
		contents->events++;
	else if (type == BT_MESSAGE_TYPE_DISCARDED_EVENTS &&
		 bt_message_discarded_events_get_count(message, &missing) ==
			 BT_PROPERTY_AVAILABILITY_AVAILABLE)
		contents->discarded += missing;
	else if (type == BT_MESSAGE_TYPE_DISCARDED_PACKETS &&
		 bt_message_discarded_packets_get_count(message, &missing) ==
			 BT_PROPERTY_AVAILABILITY_AVAILABLE)
		contents->packets += missing;
}

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *iterator,
								  void *data)
{
	struct stream *stream = data;
	bt_message_array_const messages;
	uint64_t count;
	bt_message_iterator_next_status status =
		bt_message_iterator_next(iterator, &messages, &count);

	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_AGAIN;
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR;
	for (uint64_t i = 0; i < count; i++) {
		count_message(stream->contents, messages[i]);
		bt_message_put_ref(messages[i]);
	}
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
}

static void end(void *data)
{
	struct stream *stream = data;

	bt_message_iterator_put_ref(stream->iterator);
	free(stream);
}

static bool add_sink(bt_graph *graph, const bt_component_source *source, uint64_t index,
		     struct contents *contents)
{
	const bt_port_output *output =
		bt_component_source_borrow_output_port_by_index_const(source, index);
	const bt_component_sink *sink;
	struct stream *stream = calloc(1, sizeof(*stream));
	char name[32];

	if (!stream)
		return false;
	stream->contents = contents;
	snprintf(name, sizeof(name), "count-%u", (unsigned int)index);
	if (bt_graph_add_simple_sink_component(graph, name, begin, consume, end, stream, &sink) !=
	    BT_GRAPH_ADD_COMPONENT_STATUS_OK) {
		free(stream);
		return false;
	}
	return bt_graph_connect_ports(graph, output,
				      bt_component_sink_borrow_input_port_by_name_const(sink, "in"),
				      NULL) == BT_GRAPH_CONNECT_PORTS_STATUS_OK;
}

/* {inputs: [path]}; NULL when memory ran out. */
static bt_value *parameters(const char *path)
{
	bt_value *map = bt_value_map_create(), *inputs = NULL;
	bool good = map &&
		    bt_value_map_insert_empty_array_entry(map, "inputs", &inputs) ==
			    BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK &&
		    bt_value_array_append_string_element(inputs, path) ==
			    BT_VALUE_ARRAY_APPEND_ELEMENT_STATUS_OK;

	if (good)
		return map;
	bt_value_put_ref(map);
	return NULL;
}

static const bt_component_source *add_source(bt_graph *graph, const bt_plugin *plugin,
					     const char *path)
{
	const bt_component_class_source *class =
		bt_plugin_borrow_source_component_class_by_name_const(plugin, "fs");
	const bt_component_source *source = NULL;
	bt_value *values = parameters(path);

	if (class && values &&
	    bt_graph_add_source_component(graph, class, "trace", values, BT_LOGGING_LEVEL_NONE,
					  &source) != BT_GRAPH_ADD_COMPONENT_STATUS_OK)
		source = NULL;
	bt_value_put_ref(values);
	return source;
}

static bool read_trace(const bt_plugin *plugin, const char *path, struct contents *contents)
{
	bt_graph *graph = bt_graph_create(0);
	const bt_component_source *source = graph ? add_source(graph, plugin, path) : NULL;
	uint64_t ports = source ? bt_component_source_get_output_port_count(source) : 0;
	bool good = source != NULL && ports <= PORTS_MAX;

	for (uint64_t i = 0; good && i < ports; i++)
		good = add_sink(graph, source, i, contents);
	if (good && ports)
		good = bt_graph_run(graph) == BT_GRAPH_RUN_STATUS_OK;
	bt_graph_put_ref(graph);
	bt_current_thread_clear_error();
	return good;
}

struct reading {
	const bt_plugin *plugin;
	struct contents *contents;
	bool any; /* bytes in the streams of one trace */
};

/* babeltrace2 tells of those between two packets. */
static void count_missing(void *data, const char *name, int index, int stream)
{
	struct reading *reading = data;
	struct stat status;

	(void)name;
	reading->any = reading->any || (fstat(stream, &status) == 0 && status.st_size > 0);
	reading->contents->packets += index_missing(index);
}

/* LTTng writes that last: so it is where the session daemon died. babeltrace2 2.1 breaks down. */
static bool lacks_metadata(const char *path)
{
	char metadata[PATH_MAX];
	struct stat status;

	snprintf(metadata, sizeof(metadata), "%s/metadata", path);
	return stat(metadata, &status) == 0 && status.st_size == 0;
}

static void read_one(void *data, const char *path)
{
	struct reading *reading = data;

	reading->contents->traces++;
	reading->any = false;
	index_each(path, O_RDONLY, count_missing, reading);
	if (lacks_metadata(path) ? reading->any
				 : !read_trace(reading->plugin, path, reading->contents))
		reading->contents->complete = false;
}

static void count(struct contents *contents, const char *directory)
{
	const bt_plugin *plugin = NULL;
	struct reading reading = {.contents = contents};

	*contents = (struct contents){.complete = true};
	bt_plugin_find("ctf", BT_TRUE, BT_TRUE, BT_TRUE, BT_FALSE, BT_FALSE, &plugin);
	if (plugin) {
		reading.plugin = plugin;
		tree_each(directory, read_one, &reading);
	} else {
		contents->complete = false;
	}
	bt_plugin_put_ref(plugin);
	bt_current_thread_clear_error();
}

/* In the child. babeltrace2 says on standard error what it finds impossible, and aborts. */
static void count_and_tell(const char *directory, int fd)
{
	struct contents contents;
	struct rlimit no_core = {0, 0};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &no_core);
	dup2(null, STDERR_FILENO);
	count(&contents, directory);
	_exit(write(fd, &contents, sizeof(contents)) == sizeof(contents) ? EXIT_SUCCESS
									 : EXIT_FAILURE);
}

static bool hear(int fd, struct contents *contents)
{
	ssize_t got;

	do
		got = read(fd, contents, sizeof(*contents));
	while (got < 0 && errno == EINTR);
	return got == sizeof(*contents);
}

void count_contents(struct contents *contents, const char *directory)
{
	int ends[2] = {-1, -1};
	pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;

	if (child == 0)
		count_and_tell(directory, ends[1]);
	close(ends[1]);
	if (child < 0 || !hear(ends[0], contents))
		*contents = (struct contents){.traces = 1};
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
}
