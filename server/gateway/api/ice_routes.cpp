#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/api/token_routes.hpp"

namespace belfry::gateway {
namespace {

using ice::IceServers;

/// `url` is the name that older browsers, and seed 004's client, read.
enum class Urls : std::uint8_t { one_name, both_names };

void append_servers(json::Writer& json, const IceServers::List& list, Urls names) {
  json.open_array();
  for (const ice::IceServer& server : list.servers) {
    json.open_object().member("urls", server.url);
    if (names == Urls::both_names) json.member("url", server.url);
    if (!server.username.empty()) json.member("username", server.username);
    if (!server.credential.empty()) json.member("credential", server.credential);
    json.close_object();
  }
  json.close_array();
}

void list(const IceServers& ice, const ApiCallPtr& call) {
  ice.list(call->who.user, [call](const IceServers::List& list) {
    std::string data;
    json::Writer json(data);
    append_ice_servers(json.open_object().key("iceServers"), list);
    json.member("ttl", whole_seconds(list.life)).close_object();
    call->succeed(data);
  });
}

/// Seed 001's pages.
void turn_credentials(const IceServers& ice, const ApiCallPtr& call) {
  ice.list(call->who.user, [call](const IceServers::List& list) {
    std::string data;
    json::Writer json(data);
    append_ice_servers(json.open_object().key("iceServers"), list);
    json.member("expiresAt", list.expires.unix_ms / 1000).member("ttl", whole_seconds(list.life)).close_object();
    call->succeed(data);
  });
}

/// Seed 004's client.
void bare_list(const IceServers& ice, const ApiCallPtr& call) {
  ice.list(call->who.user, [call](const IceServers::List& list) {
    std::string body;
    json::Writer json(body);
    append_servers(json.open_object().key("iceServers"), list, Urls::both_names);
    json.close_object();
    call->answer({.body = std::move(body)});
  });
}

}  // namespace

void append_ice_servers(json::Writer& json, const IceServers::List& list) { append_servers(json, list, Urls::one_name); }

Operations ice_operations(const IceServers& ice) {
  Operation listed{.path = "/api/ice-servers",
                   .id = "iceServers",
                   .summary = "STUN and TURN servers for a call, with credentials for some minutes",
                   .data = "IceServers",
                   .asks_store = false,
                   .act = [&ice](const ApiCallPtr& call) { list(ice, call); }};
  Operation turn{.path = "/api/calls/turn-credentials",
                 .id = "turnCredentials",
                 .summary = "As iceServers, with the time until which they are good",
                 .data = "TurnCredentials",
                 .asks_store = false,
                 .act = [&ice](const ApiCallPtr& call) { turn_credentials(ice, call); }};
  Operation bare{.path = "/api/ice",
                 .id = "seed004Ice",
                 .summary = "As iceServers, for seed 004's client",
                 .documented = false,  // it answers without an envelope
                 .asks_store = false,
                 .act = [&ice](const ApiCallPtr& call) { bare_list(ice, call); }};
  return {std::move(listed), std::move(turn), std::move(bare)};
}

}  // namespace belfry::gateway
