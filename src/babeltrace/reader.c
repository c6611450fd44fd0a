/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/reader.h"

#include "babeltrace/decode.h"

#include <stdlib.h>

struct trace_entry {
	uint64_t key; /* the trace, which is kept */
	UT_hash_handle hh;
	struct origin *origin;
};

bool reader_begin(struct reader *reader)
{
	memset(reader, 0, sizeof(*reader));
	world_begin(&reader->world);
	reader->layouts = layouts_create();
	return reader->layouts;
}

void reader_free(struct reader *reader)
{
	struct trace_entry *entry, *next;

	for (entry = reader->traces; entry; entry = entry->hh.next)
		bt_trace_put_ref((const bt_trace *)(uintptr_t)entry->key);
	TABLE_FREE(reader->traces, entry, next);
	layouts_destroy(reader->layouts);
	world_free(&reader->world);
}

static const bt_value *environment(const bt_trace *trace, const char *name)
{
	return bt_trace_borrow_environment_entry_value_by_name_const(trace, name);
}

static struct origin *make_origin(struct reader *reader, const bt_trace *trace)
{
	const bt_value *host = environment(trace, "hostname");
	const bt_value *vpid = environment(trace, "vpid");
	bool has_host = host && bt_value_is_string(host);
	bool has_vpid = vpid && bt_value_is_signed_integer(vpid);

	return world_origin(&reader->world, has_host ? bt_value_string_get(host) : NULL,
			    has_vpid ? (int32_t)bt_value_integer_signed_get(vpid) : 0);
}

static struct trace_entry *add_trace(struct reader *reader, const bt_trace *trace)
{
	struct trace_entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->key = (uintptr_t)trace;
	entry->origin = make_origin(reader, trace);
	table_refused = !entry->origin;
	if (entry->origin)
		TABLE_ADD(reader->traces, entry);
	if (table_refused) {
		free(entry);
		return NULL;
	}
	bt_trace_get_ref(trace);
	return entry;
}

static struct origin *origin_of(struct reader *reader, const bt_stream *stream)
{
	const bt_trace *trace = bt_stream_borrow_trace_const(stream);
	uint64_t key = (uintptr_t)trace;
	struct trace_entry *entry;

	if (likely(trace == reader->recent_trace))
		return reader->recent_origin;
	TABLE_FIND(reader->traces, key, entry);
	if (!entry)
		entry = add_trace(reader, trace);
	if (!entry)
		return NULL;
	reader->recent_trace = trace;
	reader->recent_origin = entry->origin;
	return entry->origin;
}

static bool time_of(uint64_t *out, const bt_clock_snapshot *snapshot)
{
	int64_t ns;

	if (bt_clock_snapshot_get_ns_from_origin(snapshot, &ns) !=
	    BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK) {
		bt_current_thread_clear_error();
		return false;
	}
	*out = ns > 0 ? (uint64_t)ns : 0;
	return true;
}

static bool has_clock(const bt_stream *stream)
{
	return bt_stream_class_borrow_default_clock_class_const(
		bt_stream_borrow_class_const(stream));
}

static bool take_event(struct reader *reader, const bt_message *message)
{
	const bt_event *event = bt_message_event_borrow_event_const(message);
	const struct layout *layout =
		layouts_get(reader->layouts, bt_event_borrow_class_const(event));
	struct seen *seen = &reader->seen;
	const bt_stream *stream;
	struct origin *origin;

	if (!layout)
		return false;
	if (layout->kind == SEEN_OTHER) {
		reader->world.other++;
		return true;
	}
	stream = bt_event_borrow_stream_const(event);
	origin = origin_of(reader, stream);
	if (!origin)
		return false;
	seen->time = reader->world.end;
	if (!has_clock(stream))
		origin->no_time = true;
	else if (!time_of(&seen->time,
			  bt_message_event_borrow_default_clock_snapshot_const(message)))
		return true;
	if (decode(seen, event, layout))
		world_see(&reader->world, origin, seen);
	else
		reader->world.broken++;
	return true;
}

static void take_lost_events(struct reader *reader, const bt_message *message)
{
	const bt_stream *stream = bt_message_discarded_events_borrow_stream_const(message);
	uint64_t count = 0;

	if (bt_message_discarded_events_get_count(message, &count) !=
	    BT_PROPERTY_AVAILABILITY_AVAILABLE)
		count = 0;
	world_lose_events(&reader->world, origin_of(reader, stream), count);
}

static void take_lost_packets(struct reader *reader, const bt_message *message)
{
	const bt_stream *stream = bt_message_discarded_packets_borrow_stream_const(message);
	uint64_t count = 0;

	if (bt_message_discarded_packets_get_count(message, &count) !=
	    BT_PROPERTY_AVAILABILITY_AVAILABLE)
		count = 0;
	world_lose_packets(&reader->world, origin_of(reader, stream), count);
}

static void take_packet_end(struct reader *reader, const bt_message *message)
{
	const bt_packet *packet = bt_message_packet_end_borrow_packet_const(message);
	const bt_stream *stream = bt_packet_borrow_stream_const(packet);
	uint64_t time;

	if (!has_clock(stream) || !bt_stream_class_packets_have_end_default_clock_snapshot(
					  bt_stream_borrow_class_const(stream)))
		return;
	if (time_of(&time, bt_message_packet_end_borrow_default_clock_snapshot_const(message)))
		world_pass(&reader->world, origin_of(reader, stream), time);
}

bool reader_take(struct reader *reader, const bt_message *message)
{
	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT:
		return take_event(reader, message);
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
		take_lost_events(reader, message);
		break;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
		take_lost_packets(reader, message);
		break;
	case BT_MESSAGE_TYPE_PACKET_END:
		take_packet_end(reader, message);
		break;
	default:
		break;
	}
	return true;
}
