// Bytes out, and how connections end. Every connection that got output, or whose end has come, is in the dirty list and is looked
// at once at the end of the batch. A Handler that is notified of an end here may write to others: the list grows while it is
// walked.
#include <sys/socket.h>

#include "base/check.hpp"
#include "net/shard.hpp"
#include "net/shard_guard.hpp"
#include "net/tls.hpp"

namespace belfry::net {
namespace {

/// Frees what the kernel holds for a peer that does not read, and notifies it by a reset.
void forbid_lingering(int descriptor) {
  constexpr linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

ConnectionEvent event_of(protocol::Ending ending) {
  return ending == protocol::Ending::after_flush ? ConnectionEvent::ended_in_order : ConnectionEvent::ended_at_once;
}

}  // namespace

std::string& Shard::output(ConnectionId id) {
  Connection& connection = must_be_open(id);
  if (!connection.output) connection.output = pool_.take();
  mark_dirty(id.slot, connection);
  return connection.output->bytes;
}

void Shard::close(ConnectionId id, Ending ending) {
  Connection& connection = must_be_open(id);
  connection.state.on(event_of(ending));
  mark_dirty(id.slot, connection);
}

void Shard::show_unread(ConnectionId id) {
  must_be_open(id);
  shown_again_.push_back(id);
}

Connection& Shard::must_be_open(ConnectionId id) {
  own_thread_.check();
  Connection* const connection = table_.find(id);
  CHECK(connection != nullptr && connection->state.is(ConnectionPhase::open), "the Handler names a connection that it still has");
  return *connection;
}

bool Shard::must_wait_for_room(ConnectionId id) {
  Connection& connection = must_be_open(id);
  connection.waits_for_room = !has_room(connection);
  return connection.waits_for_room;
}

bool Shard::has_room(const Connection& connection) const {
  return !connection.output || connection.output->unsent() <= shared_.config.enough_unsent;
}

void Shard::mark_dirty(std::uint32_t slot, Connection& connection) {
  if (connection.dirty) return;
  connection.dirty = true;
  dirty_.push_back(slot);
}

void Shard::flush_all() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) flush(dirty_[i]);
  dirty_.clear();
}

void Shard::flush(std::uint32_t slot) {
  Connection& connection = table_.at(slot);
  if (!connection.dirty) return;  // handed over; perhaps the slot has a new tenant
  connection.dirty = false;
  const ConnectionId id = table_.id(slot);
  if (connection.state.is(ConnectionPhase::dropping)) return drop(slot);
  std::optional<std::size_t> left = 0;
  if (connection.output && !(left = send_unsent(connection))) return lose(id, connection, Ending::at_once);
  if (connection.waits_for_room && has_room(connection)) shown_again_.push_back(id);
  if (connection.output) {
    keep_unsent(id, connection, *left);
  } else if (connection.state.is(ConnectionPhase::finishing)) {
    shut_down_output(id, connection);
  }
}

/// How much has left; nullopt: the connection has failed. Gives the buffer back when all has left.
std::optional<std::size_t> Shard::send_unsent(Connection& connection) {
  OutputBuffer& output = *connection.output;
  std::size_t left = 0;
  if (output.unsent() != 0) {
    const Bytes unsent = as_bytes(output.bytes).subspan(output.sent);
    const Sent sent = connection.tls ? send_tls(connection.tls.get(), unsent) : send_plain(connection.descriptor, unsent);
    counters_.send_calls.add();
    counters_.bytes_out.add(sent.size);
    if (sent.failed) return std::nullopt;
    left = sent.size;
    output.sent += left;
  }
  if (output.unsent() == 0) {
    pool_.give_back(std::move(connection.output));
  } else if (output.sent > output.unsent()) {
    output.bytes.erase(0, output.sent);  // moves less than was sent since the last time
    output.sent = 0;
  }
  return left;
}

/// Not all could leave, but `left` bytes did: within which bounds does the rest wait?
void Shard::keep_unsent(ConnectionId id, Connection& connection, std::size_t left) {
  OutputBuffer& output = *connection.output;
  output.share = KeptBytes::Share(shared_.kept, output.bytes.size());
  if (output.bytes.size() >= KeptBytes::kSmall && shared_.kept.over()) return lose_to_budget(id, connection);
  if (output.unsent() > shared_.config.max_unsent) return lose_slow_reader(id, connection, ConnectionEvent::ended_at_once);
  if (output.has_stalled(left, clock_.now(), shared_.config.unsent_timeout))
    return lose_slow_reader(id, connection, ConnectionEvent::output_overdue);
  if (!connection.stall_timed) {
    connection.stall_timed = true;
    stalls_.add(id, clock_.now());
  }
  if (connection.state.is(ConnectionPhase::finishing) && !connection.finish_timed) {
    connection.finish_timed = true;
    finishing_.add(id, clock_.now());
  }
}

/// What is still unsent is tried again at the end of this batch, and has stalled if again nothing leaves.
void Shard::look_at_output(ConnectionId id) {
  Connection* const connection = table_.find(id);
  if (connection == nullptr) return;
  connection->stall_timed = false;
  if (connection->output) mark_dirty(id.slot, *connection);
}

void Shard::lose(ConnectionId id, Connection& connection, Ending ending) { lose(id, connection, event_of(ending)); }

void Shard::lose(ConnectionId id, Connection& connection, ConnectionEvent why) {
  const bool known = connection.state.is(ConnectionPhase::open);
  connection.state.on(why);
  mark_dirty(id.slot, connection);
  if (known) guarded("on_closed", [&] { handler_->on_closed(id); });
}

void Shard::lose_slow_reader(ConnectionId id, Connection& connection, ConnectionEvent why) {
  counters_.slow_readers_closed.add();
  forbid_lingering(connection.descriptor);
  lose(id, connection, why);
}

void Shard::lose_to_budget(ConnectionId id, Connection& connection) {
  if (clock_.now() >= next_budget_report_) {
    next_budget_report_ = clock_.now() + std::chrono::seconds(10);
    shared_.log.warn("too much is unread or unsent altogether: connections that keep much of it are closed",
                     {{"shard", std::int64_t{index_}}, {"connections", static_cast<std::int64_t>(table_.count())}});
  }
  forbid_lingering(connection.descriptor);
  connection.unread.reset();  // now and not at the end of the batch, so that no more go than must
  lose(id, connection, Ending::at_once);
}

void Shard::shut_down_output(ConnectionId id, Connection& connection) {
  if (connection.tls) end_tls(connection.tls.get());
  if (connection.peer_done) return drop(id.slot);
  ::shutdown(connection.descriptor, SHUT_WR);
  connection.tls.reset();
  connection.unread.reset();
  connection.state.on(ConnectionEvent::all_sent);
  lingering_.add(id, clock_.now());
  discard_input(id, connection);
}

void Shard::drop(std::uint32_t slot) {
  Connection& connection = table_.at(slot);
  ::close(connection.descriptor);
  if (connection.output) pool_.give_back(std::move(connection.output));
  shared_.depart(shared_.census.on() ? addresses_[slot] : PeerAddress{});
  counters_.open.subtract();
  table_.erase(slot);
  if (resume_at_ != protocol::kNever) resume_accepting();
}

}  // namespace belfry::net
