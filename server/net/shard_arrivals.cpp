// From accept() to Handler::on_open(): the address cap, lack of descriptors, and on a TLS listener the first byte and the
// handshake. The Handler gets no call for a connection before on_open().
#include <sys/socket.h>

#include <algorithm>

#include "net/shard.hpp"
#include "net/shard_guard.hpp"
#include "net/tls.hpp"

namespace belfry::net {
namespace {

// Enough to empty a burst of arrivals in a few batches, few enough that open connections hardly wait for it.
constexpr int kAcceptsPerBatch = 64;
// ARCHITECTURE 3.4: lack of descriptors pauses accepting, never spins. To a client that waits anyway a fifth of a second is
// little.
constexpr Duration kPause = std::chrono::milliseconds(200);
constexpr Duration kBetweenReports = std::chrono::seconds(10);

}  // namespace

void Shard::accept_batch() {
  for (int count = 0; count < kAcceptsPerBatch && listener_.is_open(); ++count) {
    Arrival arrival = listener_.accept();
    if (arrival.outcome == Arrival::Outcome::none) return;
    if (arrival.outcome == Arrival::Outcome::exhausted) return pause_accepting();
    admit(std::move(arrival));
  }
}

void Shard::admit(Arrival arrival) {
  if (shared_.census.on() && shared_.census.enter(arrival.address, clock_.now()) != AddressCensus::Verdict::admitted) {
    counters_.refused_by_address.add();
    return;
  }
  shared_.connections.fetch_add(1);
  const bool plain = shared_.tls == nullptr;
  const ConnectionId id = table_.insert(arrival.descriptor.get());
  if (!reactor_.watch(arrival.descriptor.get(), Token(id), kWatchConnection)) {  // ENOSPC: max_user_watches; ENOMEM
    table_.erase(id.slot);
    shared_.depart(arrival.address);
    return;
  }
  arrival.descriptor.release();  // owned by the table now
  counters_.accepted.add();
  counters_.open.add();
  remember_address(id.slot, arrival.address);
  if (plain) return announce(id, table_.at(id.slot), arrival.address);
  handshakes_.add(id, clock_.now());
}

void Shard::announce(ConnectionId id, Connection& connection, const PeerAddress& address) {
  protocol::ConnectionFacts facts;
  std::ranges::copy(address, facts.address);
  facts.secure = connection.tls != nullptr;
  facts.should_be_secure = connection.should_be_secure;
  connection.state.on(ConnectionEvent::announced);
  if (guarded("on_open", [&] { handler_->on_open(id, facts); })) return;
  if (Connection* const still = table_.find(id); still != nullptr && still->state.is(ConnectionPhase::open))
    lose(id, *still, Ending::at_once);
}

void Shard::pause_accepting() {
  if (resume_at_ == protocol::kNever) reactor_.forget(listener_.descriptor());
  resume_at_ = clock_.now() + kPause;
  counters_.descriptor_pauses.add();
  if (clock_.now() < next_pause_report_) return;
  next_pause_report_ = clock_.now() + kBetweenReports;
  shared_.log.warn("accepting pauses: no descriptors or memory left; raise RLIMIT_NOFILE or start more nodes",
                   {{"shard", std::int64_t{index_}}, {"connections", static_cast<std::int64_t>(table_.count())}});
}

void Shard::resume_accepting() {
  resume_at_ = protocol::kNever;
  if (!reactor_.watch(listener_.descriptor(), Token(Watched::listener), kWatchListener)) resume_at_ = clock_.now() + kPause;
}

void Shard::look_at_first_byte(ConnectionId id, Connection& connection) {
  std::byte first{};
  const ssize_t seen = ::recv(connection.descriptor, &first, 1, MSG_PEEK);
  if (seen < 0 && errno == EAGAIN) return;
  if (seen <= 0) return lose(id, connection, Ending::at_once);
  if (first != kFirstByteOfTls) {
    connection.should_be_secure = true;
    announce(id, connection, address_of(id.slot));
  } else {
    connection.tls = start_tls(shared_.tls.get(), connection.descriptor);
    if (!connection.tls) return lose(id, connection, Ending::at_once);
    connection.state.on(ConnectionEvent::tls_began);
    go_on_shaking_hands(id, connection);
  }
  // The peek has used up the edge that reported these bytes.
  if (table_.find(id) != nullptr && connection.state.is(ConnectionPhase::open)) read_again_.push_back(id);
}

void Shard::go_on_shaking_hands(ConnectionId id, Connection& connection) {
  switch (shake_hands(connection.tls.get())) {
    case HandshakeProgress::waiting:
      return;
    case HandshakeProgress::failed:
      counters_.handshakes_failed.add();
      return lose(id, connection, Ending::at_once);
    case HandshakeProgress::done:
      announce(id, connection, address_of(id.slot));
      // A request may have come in the same segment as the client's last handshake message.
      read_again_.push_back(id);
  }
}

Duration Shard::wait_for_session(ConnectionId id) {
  must_be_open(id);
  if (!shared_.census.on()) return Duration{0};
  const Duration wait = shared_.census.arrive(address_of(id.slot), clock_.now());
  if (wait != Duration{0}) counters_.refused_by_address.add();
  return wait;
}

PeerAddress Shard::address_of(std::uint32_t slot) {
  return shared_.census.on() ? addresses_[slot] : peer_address(table_.at(slot).descriptor);
}

void Shard::remember_address(std::uint32_t slot, const PeerAddress& address) {
  if (!shared_.census.on()) return;
  if (addresses_.size() <= slot) addresses_.resize(std::max<std::size_t>(slot + 1, addresses_.size() * 2));
  addresses_[slot] = address;
}

}  // namespace belfry::net
