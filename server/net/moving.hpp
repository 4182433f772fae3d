// A connection on its way from one shard to another. Still counted as a connection of the server; if the other shard does not
// adopt it (it has stopped, or has no room), it ends with this object.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>

#include "net/connection_table.hpp"
#include "net/server_shared.hpp"

namespace belfry::net {

struct Moving {
  explicit Moving(ServerShared& of) : shared(&of) {}
  ~Moving() {
    if (shared != nullptr) shared->depart(address);
  }
  Moving(const Moving&) = delete;
  Moving& operator=(const Moving&) = delete;

  ServerShared* shared;   // nullptr once adopted
  Descriptor descriptor;  // empty if it travels through the shard's DescriptorChannel, under `ticket`
  std::uint64_t ticket = 0;
  PeerAddress address{};
  bool should_be_secure = false;
  TlsPtr tls;
  std::unique_ptr<OutputBuffer> output;  // to leave before anything of the new shard's
  Unread::Ptr unread;
};

}  // namespace belfry::net
