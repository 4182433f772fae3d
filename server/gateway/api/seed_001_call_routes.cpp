// What the clients of seed 001 ask of calls beside our own operations (SPEC W-001-09).
#include <string>
#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/json/entities.hpp"

namespace belfry::gateway {
namespace {

/// The pages read `calls` beside `data`.
void list(const CallServices& services, const ApiCallPtr& call) {
  const store::HistoryQuery query{.user = call->who.user, .page = page_of(*call)};
  services.archive.history(query, [call, page = query.page](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    std::string body;
    json::Writer json(body);
    append_history(json.open_object().member("success", true).key("data").open_object(), *found, page);
    append_calls(json.close_object(), found->calls);
    json.close_object();
    call->answer({.body = std::move(body)});
  });
}

}  // namespace

Operations seed_001_call_operations(const CallServices& services) {
  Operation listed{.path = "/api/calls",
                   .id = "listCalls",
                   .summary = "As callHistory, with `calls` at the top level too",
                   .query = {page_field(), limit_field()},
                   .data = "History",
                   .act = [services](const ApiCallPtr& call) { list(services, call); }};
  return {std::move(listed)};
}

}  // namespace belfry::gateway
