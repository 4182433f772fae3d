// What the shards of one server share: settings that do not change, mailboxes, and the few counts that all must agree on.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "base/on_shards.hpp"
#include "net/address_census.hpp"
#include "net/descriptor_channel.hpp"
#include "net/kept_bytes.hpp"
#include "net/mailbox.hpp"
#include "net/server.hpp"

namespace belfry::net {

class Shard;

struct ServerShared {
  ServerShared(ServerConfig chosen, TlsContext tls_context, Log& server_log)
      : config(std::move(chosen)),
        tls(std::move(tls_context)),
        log(server_log),
        mail(static_cast<ShardIndex>(config.threads)),
        on_shards(static_cast<ShardIndex>(config.threads)),
        census(config.per_address),
        kept(config.max_kept) {
    if (config.private_descriptors)
      for (unsigned shard = 0; shard < config.threads; ++shard) channels.push_back(std::make_unique<DescriptorChannel>());
  }

  const ServerConfig config;
  const TlsContext tls;  // nullptr: plain listener
  Log& log;
  ShardMailboxes mail;
  OnShards<Shard> on_shards;  // `shards`, for tasks: a shard that has begun to run is touched on its own thread only
  AddressCensus census;
  KeptBytes kept;
  std::vector<std::unique_ptr<DescriptorChannel>> channels;  // by receiving shard; empty if descriptors are shared
  std::vector<std::unique_ptr<Shard>> shards;                // fixed before the first thread runs; outlive all threads
  std::atomic<bool> stop{false};
  std::atomic<unsigned> draining{0};         // shards that have begun
  std::atomic<std::int64_t> connections{0};  // on all shards and between them

  /// A connection is gone. While the server drains, no shard ends before the last connection of all shards is gone, because a
  /// shard without connections may host calls that clients on another shard still end. So the last one wakes all shards.
  void depart(const PeerAddress& address) {
    if (census.on()) census.leave(address);
    if (connections.fetch_sub(1) == 1 && draining.load() != 0) mail.wake_all();
  }
  [[nodiscard]] bool drained() const { return draining.load() == config.threads && connections.load() == 0; }
};

}  // namespace belfry::net
