// PeerRoutes: what PeerJS clients GET: an id for one that has none, and, if the operator allows it, the ids of all peers. Each
// under two paths, since a client puts its own path in front: `/{key}/id` for path "/", `/peerjs/{key}/id` for path "/peerjs"
// (SPEC K51). Owned by the shard's ShardStack, used on its thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/peers/peers.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "gateway/peerjs/settings.hpp"
#include "protocol/http_handler.hpp"

namespace belfry::gateway {

class PeerRoutes {
 public:
  /// All must outlive this object.
  PeerRoutes(const PeerJsSettings& settings, peers::Peers& peers, const Clock& clock, Random& random)
      : settings_(settings),
        peers_(peers),
        clock_(clock),
        random_(random) {}

  [[nodiscard]] bool serves(std::string_view path) const { return asked_for(path) != What::nothing; }
  /// A request whose path it serves. `request_id` is for answers that contain one.
  void serve(const http::Request& request, std::string_view request_id, protocol::HttpReply reply);

 private:
  enum class What : std::uint8_t { nothing, about, id, peers };
  [[nodiscard]] What asked_for(std::string_view path) const;

  const PeerJsSettings& settings_;
  peers::Peers& peers_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace belfry::gateway
