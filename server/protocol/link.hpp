// The narrow waist between sockets and protocols. net/ owns connections (descriptors, TLS, unsent bytes, unread bytes) and
// speaks bytes; protocol/ owns what the bytes mean. One Link and one Handler per shard, used on that shard's thread only,
// so the whole server can run in a test on a simulated network. An io_uring or Asio reactor could stand behind it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "base/bytes.hpp"
#include "base/mailbox.hpp"
#include "base/time.hpp"

namespace belfry::protocol {

/// A slot of the shard's connection table and the generation of its present tenant.
struct ConnectionId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: none
  [[nodiscard]] explicit operator bool() const { return generation != 0; }
  friend auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
};

/// What is known of a connection at its start. `address` is IPv6, IPv4 as ::ffff:a.b.c.d, network order.
struct ConnectionFacts {
  std::uint8_t address[16] = {};
  bool secure = false;            // TLS is up
  bool should_be_secure = false;  // plain bytes on a TLS listener: answer 308 to https and nothing else
};

enum class Ending : std::uint8_t {
  after_flush,  // what was output leaves first, then the connection shuts down
  at_once,      // unsent bytes are dropped
};

/// What net/ does for a shard's protocol stack. A ConnectionId stays valid until the stack calls close() or hand_over(), or until
/// net/ calls Handler::on_closed() for it; using it later is a bug and CHECKed.
class Link {
 public:
  virtual ~Link() = default;
  /// The connection's output of this batch: append to it. It leaves in one send() when the batch ends. The reference is
  /// valid until control returns to net/. Growth beyond the slow-reader bound closes the connection after the batch.
  virtual std::string& output(ConnectionId connection) = 0;
  virtual void close(ConnectionId connection, Ending ending) = 0;
  /// Shows the unread bytes to on_bytes() once more in this batch, though no new ones came: a request that waited behind an
  /// unanswered one (HTTP pipelining) may now be read. Does nothing when there are none.
  virtual void show_unread(ConnectionId connection) = 0;
  /// Asked between two messages or requests of one connection: has it had its turn, so that the others must be served first? If
  /// so, leave the rest unread and return: it is shown again in the next batch, and nothing more is received until then.
  [[nodiscard]] virtual bool turn_is_over(ConnectionId connection) = 0;
  /// Asked before each request of one connection, and before each piece of a long answer: is so much of its output unsent that
  /// this has to wait? If so, leave what is unread and return: it is shown again when enough has left, even if it is nothing, and
  /// nothing more is received until then.
  [[nodiscard]] virtual bool must_wait_for_room(ConnectionId connection) = 0;
  /// Is little of its output unsent? What is worth sending only while it is new can be left out if not.
  [[nodiscard]] virtual bool has_room(ConnectionId) { return true; }
  /// May this connection open one more Engine.IO session? One connection can carry any number of them where they come by polling,
  /// so they count among the new connections of its address. Zero: admitted and counted; else how long until it may be.
  [[nodiscard]] virtual Duration wait_for_session(ConnectionId connection) = 0;
  /// Moves the connection to another shard, whose Handler gets on_open() and then on_bytes() with `unread` first. Output so
  /// far leaves before any of the new shard's. Used when a request names an Engine.IO session that lives there.
  virtual void hand_over(ConnectionId connection, ShardIndex shard, Bytes unread) = 0;
};

/// "Nothing to wait for."
constexpr TimePoint kNever = TimePoint::max();

/// What net/ asks of a shard's protocol stack. No call nests in another.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void on_open(ConnectionId connection, const ConnectionFacts& facts) = 0;
  /// `input` is everything unread so far. Returns how many leading bytes were used up; net/ keeps the rest and shows it again,
  /// longer, with the next bytes. May be changed in place (unmasking). After close() or hand_over() the result is ignored.
  virtual std::size_t on_bytes(ConnectionId connection, MutableBytes input) = 0;
  /// The peer will send nothing more but may still read (a half-closed connection): is it owed an answer? Then the connection
  /// stays until the Handler closes it, or until nothing is owed any more after show_unread().
  [[nodiscard]] virtual bool owes_answer(ConnectionId connection) = 0;
  /// The peer ended it, or it failed, or it read too slowly. Not called after the Handler's own close().
  virtual void on_closed(ConnectionId connection) = 0;
  /// When on_time() wants to be called at the latest; read by net/ once per batch, so it must be cheap.
  [[nodiscard]] virtual TimePoint next_deadline() const = 0;
  virtual void on_time(TimePoint now) = 0;
  /// The server will stop: refuse what is new, notify clients, finish what is under way. Called once.
  virtual void on_drain() = 0;
};

}  // namespace belfry::protocol
