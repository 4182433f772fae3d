#include "gateway/peerjs/peer_routes.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/new_uuid.hpp"
#include "gateway/json/errors.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

constexpr std::string_view kMount = "/peerjs";

/// What npm `peer` answers at the path of its mount.
constexpr std::string_view kAbout =
    R"({"name":"PeerJS Server","description":"A server side element to broker connections between PeerJS clients.",)"
    R"("website":"https://peerjs.com/"})";

protocol::HttpAnswer list_answer(const std::vector<std::string>& ids) {
  protocol::HttpAnswer answer{.headers = {{"Cache-Control", "no-store"}}};
  json::Writer json(answer.body);
  json.open_array();
  for (const std::string& id : ids) json.text(id);
  json.close_array();
  return answer;
}

protocol::HttpAnswer wrong_method(std::string_view request_id) {
  constexpr std::string_view kAllowed = "GET, HEAD";
  const Failure failure{.error = ApiError::method_not_allowed, .message = "This address only answers " + std::string(kAllowed)};
  return {.status = wire_error(failure.error).status,
          .body = failure_json(failure, request_id),
          .headers = {{"Allow", std::string(kAllowed)}}};
}

}  // namespace

PeerRoutes::What PeerRoutes::asked_for(std::string_view path) const {
  if (path == kMount || path == "/peerjs/") return What::about;
  const std::string under_key = "/" + settings_.key;
  if (path.starts_with(kMount) && path.substr(kMount.size()).starts_with(under_key + "/")) path.remove_prefix(kMount.size());
  if (!path.starts_with(under_key)) return What::nothing;
  path.remove_prefix(under_key.size());
  if (path == "/id") return What::id;
  return path == "/peers" ? What::peers : What::nothing;
}

void PeerRoutes::serve(const http::Request& request, std::string_view request_id, protocol::HttpReply reply) {
  if (request.method != http::Method::get && request.method != http::Method::head) return reply(wrong_method(request_id));
  switch (asked_for(request.path)) {
    case What::nothing:
    case What::about:
      return reply({.body = std::string(kAbout)});
    case What::id:
      // The type that npm `peer` has; the client reads it as text.
      return reply({.content_type = "text/html; charset=utf-8",
                    .body = to_text(new_uuid(clock_, random_)),
                    .headers = {{"Cache-Control", "no-store"}}});
    case What::peers:
      if (settings_.discovery == Discovery::off)
        return reply({.status = 401, .content_type = "text/plain; charset=utf-8", .body = "Unauthorized"});
      return peers_.list([reply = std::move(reply)](const std::vector<std::string>& ids) { reply(list_answer(ids)); });
  }
}

}  // namespace belfry::gateway
