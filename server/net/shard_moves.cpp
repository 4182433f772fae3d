// Link::hand_over(). The package travels through the other shard's mailbox, so whatever this shard posts there afterwards
// finds the connection arrived. Only if the other's DescriptorChannel is full does a connection come later than that.
#include <memory>
#include <utility>

#include "net/moving.hpp"
#include "net/shard.hpp"

namespace belfry::net {
namespace {

/// `first` and then `second`.
Unread::Ptr joined(Bytes first, Unread::Ptr second, KeptBytes& kept) {
  if (first.empty()) return second;
  auto all = Unread::make(first.size() + (second ? second->size() : 0), kept);
  all->assign(first);
  if (second) {
    std::memcpy(all->begin() + first.size(), second->begin(), second->size());
    all->set_size(first.size() + second->size());
  }
  return all;
}

}  // namespace

void Shard::hand_over(ConnectionId id, ShardIndex shard, Bytes unread) {
  Connection& connection = must_be_open(id);
  auto moving = std::make_shared<Moving>(shared_);
  moving->address = address_of(id.slot);
  moving->should_be_secure = connection.should_be_secure;
  moving->tls = std::move(connection.tls);
  moving->output = std::move(connection.output);
  moving->unread = joined(unread, std::move(connection.unread), shared_.kept);
  moving->descriptor.reset(connection.descriptor);
  // Not only tidiness: in another table the same socket lives on, and would go on reporting here.
  reactor_.forget(connection.descriptor);
  table_.erase(id.slot);
  counters_.open.subtract();
  counters_.handed_over.add();
  dispatch(shard, std::move(moving));
}

void Shard::dispatch(ShardIndex shard, std::shared_ptr<Moving> moving) {
  if (!shared_.channels.empty() && shard != index_) {
    moving->ticket = std::uint64_t{index_} << 48 | ++last_ticket_;
    if (!stalled_moves_.empty() || !shared_.channels[shard]->send(moving->descriptor.get(), moving->ticket)) {
      stalled_moves_.emplace_back(shard, std::move(moving));
      return;
    }
    moving->descriptor.reset();
  }
  shared_.on_shards.post(shared_.mail, shard, [moving = std::move(moving)](Shard& there) { there.adopt(*moving); });
}

void Shard::retry_stalled_moves() {
  auto waiting = std::exchange(stalled_moves_, {});
  for (auto& [shard, moving] : waiting) dispatch(shard, std::move(moving));
}

void Shard::adopt(Moving& moving) {
  own_thread_.check();
  Descriptor descriptor = moving.descriptor ? std::move(moving.descriptor) : shared_.channels[index_]->receive(moving.ticket);
  if (!descriptor) return;
  const ConnectionId id = table_.insert(descriptor.get());
  if (!reactor_.watch(descriptor.get(), Token(id), kWatchConnection)) return table_.erase(id.slot);
  moving.shared = nullptr;
  Connection& connection = table_.at(id.slot);
  if (moving.tls) SSL_set_fd(moving.tls.get(), descriptor.get());
  descriptor.release();  // owned by the table now
  counters_.open.add();
  remember_address(id.slot, moving.address);
  connection.should_be_secure = moving.should_be_secure;
  connection.tls = std::move(moving.tls);
  connection.unread = std::move(moving.unread);
  if (moving.output) {
    connection.output = std::move(moving.output);
    mark_dirty(id.slot, connection);
  }
  announce(id, connection, moving.address);
  show(id);
  // OpenSSL may hold bytes that epoll knows nothing of.
  if (table_.find(id) != nullptr && connection.tls) read_again_.push_back(id);
}

}  // namespace belfry::net
