// Bytes in. One recv() per readable connection straight into the shard's read buffer; what the Handler leaves unread is
// copied aside, and put in front of the next bytes: a short piece into the read buffer again (it stays in the cache), a long
// one is received into where it lies.
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/check.hpp"
#include "net/shard.hpp"
#include "net/shard_guard.hpp"
#include "net/tls.hpp"

namespace belfry::net {
namespace {

// Up to here copying the unread in front of the next bytes is cheaper than growing its own buffer; three quarters of the read
// buffer stay for what comes.
constexpr std::size_t kShortUnread = 64 * 1024;
// At most this many reads in one turn, for a peer that fills the buffer again and again; then the others are served. 1 MiB, one
// message of the largest size that we take.
constexpr int kReadsPerTurn = 4;
// And a peer whose input is expensive to answer gets at most this long: a tenth of what a person notices, so that several such
// peers together delay nobody visibly. The clock is not read for the few messages that usually come together: even a large one
// costs only a millisecond or two.
constexpr Duration kTurn = std::chrono::milliseconds(5);
constexpr int kMessagesPerClockRead = 4;

}  // namespace

void Shard::read(ConnectionId id, Connection& connection) {
  for (int reads = 0; !connection.held && !connection.peer_done; ++reads) {
    if (reads == kReadsPerTurn) return read_again_.push_back(id);
    std::size_t already = 0;
    const MutableBytes place = receive_buffer(connection, already);
    const MutableBytes room = place.subspan(already);
    const Received received =
        connection.tls ? receive_tls(connection.tls.get(), room) : receive_plain(connection.descriptor, room);
    counters_.recv_calls.add();
    if (received.size != 0) {
      counters_.bytes_in.add(received.size);
      if (!deliver(id, connection, place.first(already + received.size))) return;
    }
    if (received.after == After::drained && (!connection.hung_up || received.size == 0)) return;
    if (received.after == After::ended) {
      connection.peer_done = true;
      return end_unless_owed(id, connection);
    }
    if (received.after == After::failed) return lose(id, connection, Ending::at_once);
  }
}

MutableBytes Shard::receive_buffer(Connection& connection, std::size_t& already) {
  if (!connection.unread) return {read_buffer_.get(), kReadBuffer};
  already = connection.unread->size();
  if (already <= kShortUnread) {
    std::memcpy(read_buffer_.get(), connection.unread->begin(), already);
    return {read_buffer_.get(), kReadBuffer};
  }
  if (connection.unread->capacity() - already < kShortUnread) {
    auto larger = Unread::make(already * 2 + kShortUnread, shared_.kept);
    larger->assign(connection.unread->bytes());
    connection.unread = std::move(larger);
  }
  return {connection.unread->begin(), connection.unread->capacity()};
}

bool Shard::deliver(ConnectionId id, Connection& connection, MutableBytes input) {
  // Taken out of the slot, since the Handler may hand the connection over and so empty it, while `input` lies in here.
  Unread::Ptr kept = std::move(connection.unread);
  std::size_t used = 0;
  asked_in_turn_ = 0;
  const bool well = guarded("on_bytes", [&] { used = handler_->on_bytes(id, input); });
  if (connection.generation != id.generation || !connection.state.is(ConnectionPhase::open)) return false;
  if (!well) {
    lose(id, connection, Ending::at_once);
    return false;
  }
  CHECK(used <= input.size(), "the Handler uses up no more than it was shown");
  keep(kept, input.subspan(used), shared_.kept);
  connection.unread = std::move(kept);
  if (connection.unread && connection.unread->capacity() >= KeptBytes::kSmall && shared_.kept.over()) {
    lose_to_budget(id, connection);
    return false;
  }
  connection.held = connection.turn_over || connection.waits_for_room ||
                    (connection.unread && connection.unread->size() >= shared_.config.max_unread);
  return true;
}

bool Shard::turn_is_over(ConnectionId id) {
  own_thread_.check();
  if (asked_in_turn_++ % kMessagesPerClockRead != 0) return false;
  const TimePoint now = SteadyClock::read();
  if (asked_in_turn_ == 1) turn_until_ = now + kTurn;
  if (now < turn_until_) return false;
  Connection& connection = must_be_open(id);
  connection.turn_over = true;
  turns_over_.push_back(id);
  return true;
}

void Shard::show(ConnectionId id) {
  Connection* const connection = table_.find(id);
  if (connection == nullptr || !connection->state.is(ConnectionPhase::open)) return;
  if (connection->turn_over) return;
  const bool waited = connection->waits_for_room;
  connection->waits_for_room = false;  // the Handler asks anew
  const bool was_held = connection->held;
  const MutableBytes unread = connection->unread ? connection->unread->bytes() : MutableBytes{};
  if ((waited || connection->unread) && !deliver(id, *connection, unread)) return;
  if (connection->turn_over || connection->waits_for_room) return;
  if (connection->peer_done) return end_unless_owed(id, *connection);
  if (was_held && !connection->held) read_again_.push_back(id);
}

/// The others have been served since its turn was over.
void Shard::begin_turn(ConnectionId id) {
  Connection* const connection = table_.find(id);
  if (connection == nullptr) return;
  connection->turn_over = false;
  show(id);
}

/// The peer's end was read. A client that sends its request and shuts down its side still waits for the answer.
void Shard::end_unless_owed(ConnectionId id, Connection& connection) {
  bool owed = false;
  guarded("owes_answer", [&] { owed = handler_->owes_answer(id); });
  if (!owed) lose(id, connection, Ending::after_flush);
}

void Shard::discard_input(ConnectionId id, Connection& connection) {
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    const Received received = receive_plain(connection.descriptor, {read_buffer_.get(), kReadBuffer});
    // Not content with a short read: the end may be right behind it, and the edge that reported it is used up.
    if (received.size != 0) continue;
    if (received.after == After::drained) return;
    connection.state.on(ConnectionEvent::peer_gone);
    return mark_dirty(id.slot, connection);
  }
  read_again_.push_back(id);
}

}  // namespace belfry::net
