#include "gateway/json/pending_call.hpp"

#include "wire/json/writer.hpp"

namespace belfry::gateway {

std::string pending_call_json(const store::CallRow& row) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("callerId", to_text(row.caller.value())).key("calleeIds").open_array();
  for (const store::Leg& leg : row.legs)
    if (leg.user != row.caller) json.text(to_text(leg.user.value()));
  json.close_array().member("startedAt", row.created.unix_ms / 1000).member("status", "ringing").close_object();
  return text;
}

}  // namespace belfry::gateway
