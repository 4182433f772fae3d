// ApiRouter: takes an HTTP request to its operation (path and method, credential, origin, body, idempotency), and returns the
// answer in the envelope of SPEC 2.1. One per shard, owned by its ShardStack and used on its thread, with its own
// table of operations. The *_routes files define the operations.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/accounts/external_users.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/once_per_key.hpp"
#include "gateway/api/operation.hpp"
#include "gateway/api/route_table.hpp"
#include "protocol/cors.hpp"
#include "protocol/http_handler.hpp"
#include "protocol/settings.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

struct ApiSettings {
  /// The origins whose pages may use our cookie: this list and our own host, in every mode (SPEC 0).
  protocol::CorsPolicy origins{};
  protocol::Forwarded forwarded = protocol::Forwarded::ignored;  // for the client's address
  std::size_t max_body = 1'000'000;
  std::string version = "1";  // shown in the API documents
};

class ApiRouter {
 public:
  /// All of them must outlive the router. `ensure_known`: accounts::ExternalUsers.
  struct Ports {
    const accounts::Verifier& verifier;
    store::AccountStore& accounts;
    const Clock& clock;
    Random& random;
    Log& log;
    KeysInUse& keys;
    accounts::EnsureKnown ensure_known = {};
    limits::ReadsInFlight* reads = nullptr;  // null: no limit
    /// A request named a device in X-Device-Id (SPEC J-6.3).
    std::function<void(const account::UserId&, std::string_view)> device_used = {};
  };
  /// Also serves the documents about `operations`.
  ApiRouter(const ApiSettings& settings, const Ports& ports, Operations operations);

  /// Whether this router serves the path.
  [[nodiscard]] static bool serves(std::string_view path);
  /// The operation that answered: an index into operations(), or one past the last if none was found.
  using Answered = std::function<void(std::size_t operation, protocol::HttpAnswer answer)>;
  void serve(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts, Answered answered);
  /// Bytes that the body of this request may have; 0: as ApiSettings says. A body is read whole before anything else is done, so
  /// only who has a session may send a large one.
  [[nodiscard]] protocol::MaxBody max_body(const http::Request& request) const;
  /// A UUID of version 7, as in every X-Request-Id of the server.
  [[nodiscard]] std::string new_request_id();
  [[nodiscard]] const Operations& operations() const { return operations_; }
  /// "POST /api/calls/{id}/end", by index: the names in metrics.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] ApiCallPtr new_call(const http::Request& request, const protocol::ConnectionFacts& facts);
  [[nodiscard]] Expected<accounts::Identity, Failure> check_credential(const http::Request& request, const ApiCall& call) const;
  /// Reads the request into the call, in the four steps below. Its operation runs if none of them fails.
  [[nodiscard]] Expected<void, Failure> read(const http::Request& request, Bytes body, const RouteTable::Found& found,
                                             ApiCall& call);
  [[nodiscard]] Expected<void, Failure> identify(const http::Request& request, ApiCall& call) const;
  [[nodiscard]] Expected<void, Failure> read_body(const http::Request& request, Bytes body, ApiCall& call);
  [[nodiscard]] Expected<void, Failure> validate(const http::Request& request, const RouteTable::Found& found,
                                                 ApiCall& call) const;
  [[nodiscard]] Expected<void, Failure> admit_read(ApiCall& call);
  void note_device(const http::Request& request, const ApiCall& call) const;

  void ensure_user_known(const ApiCallPtr& call, const std::string& key);

  [[no_unique_address]] OwnThread own_thread_;
  const ApiSettings& settings_;
  Ports ports_;
  Operations operations_;
  RouteTable table_;
  OncePerKey once_per_key_;
  std::vector<std::string> names_;
  json::Reader reader_;
};

}  // namespace belfry::gateway
