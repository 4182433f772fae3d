#include "gateway/dialects/media_tokens.hpp"

namespace belfry::gateway {

Read<std::string> read_join(const protocol::IncomingEvent& event) {
  Fields fields(event, {"token"});
  std::string media_token = fields.text("token", Fields::Need::required, kMaxMediaToken).value_or("");
  if (!fields.good()) return fields.issues();
  return media_token;
}

}  // namespace belfry::gateway
