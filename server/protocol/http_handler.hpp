// Plain HTTP requests (all that is not Engine.IO) leave protocol/ through this interface and are answered by gateway/'s routes.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/link.hpp"
#include "wire/http/request.hpp"

namespace belfry::protocol {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Call it exactly once, on the same shard, now or later; the connection reads no further request before that. If the
/// connection is gone by then, the answer is dropped.
using HttpReply = std::function<void(HttpAnswer)>;

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// `request` and `body` are views, valid during the call only. CORS headers and HEAD are dealt with by protocol/.
  /// `facts.secure`: TLS is up, here or at a proxy whose headers are believed.
  virtual void on_request(const http::Request& request, Bytes body, const ConnectionFacts& facts, HttpReply reply) = 0;
};

}  // namespace belfry::protocol
