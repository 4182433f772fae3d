// HttpRoutes: the plain HTTP addresses, as one table of path and answer. It answers at once, from memory; `/` and `/users` keep
// seed 003's raw shapes. A request that needs a store or a credential goes to the ApiRouter (gateway/api), those of PeerJS
// clients to the PeerRoutes (gateway/peerjs). Any other path is a 404 that names the right address. One per shard, owned by its
// ShardStack. Not here: Socket.IO (protocol/), and which origins may use the server (CORS).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/own_thread.hpp"
#include "gateway/api/router.hpp"
#include "gateway/http_counters.hpp"
#include "gateway/peerjs/peer_routes.hpp"
#include "gateway/server_view.hpp"
#include "gateway/site.hpp"
#include "gateway/static_files.hpp"
#include "gateway/web_client.hpp"
#include "protocol/http_handler.hpp"

namespace belfry::gateway {

class HttpRoutes final : public protocol::HttpHandler {
 public:
  enum class UserList : std::uint8_t { open, needs_session };
  struct Options {
    UserList users = UserList::needs_session;
    /// Whether this request has a valid credential. If empty, no request has one.
    std::function<bool(const http::Request&)> has_session = {};
    std::string version;
    std::function<std::string(const ServerNumbers&)> render_metrics;
  };

  struct Files {
    const StaticFiles& ours;  // app/ (web_client.hpp), public/ and socket.io/
    const StaticFiles& site;  // of --static (site.hpp); empty: there is none
  };
  /// All must outlive this object. `api` answers what ApiRouter::serves(), and may be constructed after this object.
  HttpRoutes(const Options& options, const ServerView& server, const Files& files, HttpCounters& counters, ApiRouter& api)
      : options_(options),
        server_(server),
        files_(files.ours),
        site_(files.site),
        client_(files.ours),
        counters_(counters),
        api_(api) {}

  /// From now on these answer what they serve. They must outlive this object's last request.
  void serve_peers(PeerRoutes& peers) { peers_ = &peers; }

  [[nodiscard]] protocol::MaxBody max_body(const http::Request& request) const override {
    return ApiRouter::serves(request.path) ? api_.max_body(request) : protocol::MaxBody{};
  }
  void on_request(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts,
                  protocol::HttpReply reply) override;

 private:
  using Answer = protocol::HttpAnswer;
  struct PlainRequest {
    const http::Request& request;
    const protocol::ConnectionFacts& facts;
    std::string request_id;
  };
  enum class Match : std::uint8_t { exactly, prefix, everything_else };
  struct Route {
    std::string_view path;
    Answer (HttpRoutes::*answer)(const PlainRequest&) const;
    Match match = Match::exactly;
    [[nodiscard]] bool matches(std::string_view asked) const;
  };

  [[nodiscard]] Answer status_page(const PlainRequest& plain) const;
  [[nodiscard]] Answer users(const PlainRequest& plain) const;
  [[nodiscard]] Answer alive(const PlainRequest& plain) const;
  [[nodiscard]] Answer health(const PlainRequest& plain) const;
  [[nodiscard]] Answer ready(const PlainRequest& plain) const;
  [[nodiscard]] Answer metrics(const PlainRequest& plain) const;
  [[nodiscard]] Answer version(const PlainRequest& plain) const;
  [[nodiscard]] Answer public_file(const PlainRequest& plain) const;
  [[nodiscard]] Answer client_library(const PlainRequest& plain) const;
  [[nodiscard]] Answer not_found(const PlainRequest& plain) const;

  void pass_on(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts, protocol::HttpReply reply);
  void pass_to_peers(const http::Request& request, protocol::HttpReply reply);
  [[nodiscard]] static std::size_t route_of(std::string_view path);
  [[nodiscard]] Answer answer(std::size_t route, const PlainRequest& plain) const;
  /// Of the application for browsers: that of --static, else our own. nullopt: the request is not for it.
  [[nodiscard]] std::optional<Answer> application(const http::Request& request) const;
  /// Whether that has a file there.
  [[nodiscard]] bool has_file(std::string_view path) const;
  [[nodiscard]] std::string base_url(const PlainRequest& plain) const;

  static const std::array<Route, 14> kRoutes;

  [[no_unique_address]] OwnThread own_thread_;
  const Options& options_;
  const ServerView& server_;
  const StaticFiles& files_;
  const Site site_;
  const WebClient client_;
  HttpCounters& counters_;
  ApiRouter& api_;
  PeerRoutes* peers_ = nullptr;
};

}  // namespace belfry::gateway
