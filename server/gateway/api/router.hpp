// ApiRouter: from an HTTP request to an operation: path and method, credential, origin, body, idempotency; and back, with the
// envelope of SPEC 2.1. One per shard; the table of operations is its own. What an operation does stands in the *_routes files.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/accounts/identity.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/operation.hpp"
#include "session/cors.hpp"
#include "session/http_handler.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

/// Requests with an Idempotency-Key that are under way, on all shards.
class KeysInUse {
 public:
  using Key = std::pair<account::UserId, std::string>;
  [[nodiscard]] bool enter(const Key& key) {
    return keys_.with([&](auto& keys) { return keys.insert(key).second; });
  }
  void leave(const Key& key) {
    keys_.with([&](auto& keys) { keys.erase(key); });
  }

 private:
  Guarded<std::set<Key>> keys_;
};

struct ApiSettings {
  /// Whose pages may use our cookie: this list and our own host, whatever the mode (SPEC 0).
  session::CorsPolicy origins{};
  bool trust_proxy = false;
  std::size_t max_body = 1'000'000;
};

class ApiRouter final : public session::HttpHandler {
 public:
  /// All outlive it.
  struct Ports {
    const accounts::Verifier& verifier;
    store::AccountStore& accounts;
    const Clock& clock;
    Random& random;
    Log& log;
    KeysInUse& keys;
  };
  ApiRouter(const ApiSettings& settings, const Ports& ports, Operations operations);

  /// Is this path ours at all?
  [[nodiscard]] static bool serves(std::string_view path);
  void on_request(const http::Request& request, Bytes body, const session::ConnectionFacts& facts,
                  session::HttpReply reply) override;
  [[nodiscard]] const Operations& operations() const { return operations_; }

 private:
  struct Match {
    const Operation* operation = nullptr;
    std::vector<std::pair<std::string, std::string_view>> parameters;
    std::string allowed;  // methods, if the path is there but not for this one
  };
  [[nodiscard]] Match match(http::Method method, std::string_view path) const;
  [[nodiscard]] bool read_credential(const http::Request& request, ApiCall& call);
  [[nodiscard]] bool origin_allowed(const http::Request& request) const;
  [[nodiscard]] bool read_body(const http::Request& request, Bytes body, ApiCall& call);
  void run(const ApiCallPtr& call, std::string key);
  [[nodiscard]] std::string new_request_id();

  const ApiSettings& settings_;
  Ports ports_;
  Operations operations_;
  json::Reader reader_;
};

}  // namespace belfry::gateway
