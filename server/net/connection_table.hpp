// The connections of one shard: forty bytes each, in chunks that never move. A hundred thousand idle ones must cost little,
// so whatever only an active connection needs (unsent bytes, unread bytes, TLS) hangs off a pointer that is null meanwhile.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "net/connection_state.hpp"
#include "net/output_pool.hpp"
#include "net/unread.hpp"
#include "protocol/link.hpp"

namespace belfry::net {

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
};
using TlsPtr = std::unique_ptr<SSL, FreeTls>;

struct Connection {
  std::unique_ptr<OutputBuffer> output;
  Unread::Ptr unread;
  TlsPtr tls;
  int descriptor = -1;
  std::uint32_t generation = 1;
  ConnectionState state;
  bool dirty : 1 = false;             // in the list of those to be flushed at the end of the batch
  bool held : 1 = false;              // not read: too much is unread or unsent, or its turn is over
  bool turn_over : 1 = false;         // its unread bytes are shown again in the next batch
  bool waits_for_room : 1 = false;    // its unread bytes are shown again when enough of its output has left
  bool hung_up : 1 = false;           // epoll reported its end: read until that comes
  bool peer_done : 1 = false;         // its end was read
  bool finish_timed : 1 = false;      // its closing has a deadline
  bool stall_timed : 1 = false;       // it is looked at again whether its output moves
  bool should_be_secure : 1 = false;  // see ConnectionFacts
};
static_assert(sizeof(Connection) <= 40);

class ConnectionTable {
 public:
  /// A vacant slot gets a tenant.
  protocol::ConnectionId insert(int descriptor) {
    if (vacant_.empty()) grow();
    const std::uint32_t slot = vacant_.back();
    vacant_.pop_back();
    Connection& connection = at(slot);
    connection.descriptor = descriptor;
    connection.state.on(ConnectionEvent::accepted);
    ++count_;
    return {slot, connection.generation};
  }

  /// Forgets the tenant; its descriptor is the caller's business.
  void erase(std::uint32_t slot) {
    Connection& connection = at(slot);
    connection.state.on(ConnectionEvent::left);
    const std::uint32_t next = connection.generation + 1;
    connection = Connection{};
    connection.generation = next == 0 ? 1 : next;
    vacant_.push_back(slot);
    --count_;
  }

  /// nullptr when that tenant has left.
  [[nodiscard]] Connection* find(protocol::ConnectionId id) {
    if (id.slot >= size_) return nullptr;
    Connection& connection = at(id.slot);
    return connection.generation == id.generation && !connection.state.is(ConnectionPhase::vacant) ? &connection : nullptr;
  }
  [[nodiscard]] Connection& at(std::uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  [[nodiscard]] protocol::ConnectionId id(std::uint32_t slot) { return {slot, at(slot).generation}; }
  [[nodiscard]] std::size_t count() const { return count_; }

  template <class Visit>
  void for_each_slot(Visit&& visit) {
    for (std::uint32_t slot = 0; slot < size_; ++slot)
      if (!at(slot).state.is(ConnectionPhase::vacant)) visit(slot);
  }

 private:
  static constexpr std::uint32_t kChunk = 1024;

  void grow() {
    chunks_.push_back(std::make_unique<Connection[]>(kChunk));
    for (std::uint32_t i = kChunk; i-- > 0;) vacant_.push_back(size_ + i);
    size_ += kChunk;
  }

  std::vector<std::unique_ptr<Connection[]>> chunks_;
  std::vector<std::uint32_t> vacant_;
  std::uint32_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace belfry::net
