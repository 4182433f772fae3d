// Plain HTTP requests (all that is not Engine.IO) leave protocol/ through this interface and are answered by gateway/'s routes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/link.hpp"
#include "wire/http/request.hpp"

namespace belfry::protocol {

/// A part of bytes that others may be sent at the same time. It leaves as its client reads, so it may be larger than what a
/// connection may leave unsent.
struct SharedBody {
  std::shared_ptr<const std::string> bytes = {};
  std::size_t from = 0, size = 0;
  [[nodiscard]] std::string_view view() const { return bytes ? std::string_view(*bytes).substr(from, size) : std::string_view{}; }
};

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  SharedBody shared = {};  // then there is no `body`
};

/// Call it exactly once, on the same shard, now or later; the connection reads no further request before that. If the
/// connection is gone by then, the answer is dropped.
using HttpReply = std::function<void(HttpAnswer)>;

/// How long the body of a request may be, where that is more than HttpSettings::limits allow.
struct MaxBody {
  std::size_t bytes = 0;
  std::string_view too_large = {};  // what the answer says of a longer one; valid as long as the handler
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// Asked when the head of the request is there.
  [[nodiscard]] virtual MaxBody max_body(const http::Request& request) const {
    static_cast<void>(request);
    return {};
  }
  /// `request` and `body` are views, valid during the call only. CORS headers and HEAD are dealt with by protocol/.
  /// `facts.secure`: TLS is up, here or at a proxy whose headers are believed.
  virtual void on_request(const http::Request& request, Bytes body, const ConnectionFacts& facts, HttpReply reply) = 0;
};

}  // namespace belfry::protocol
