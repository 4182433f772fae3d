// The document of a call that is pending (store/pending_call.hpp), as seed 000 keeps it in Redis.
#pragma once

#include <string>

#include "store/call_row.hpp"

namespace belfry::gateway {

/// R-000-11: exactly its four members. The same text for the same call on every server, as long as its legs are the same.
[[nodiscard]] std::string pending_call_json(const store::CallRow& row);

}  // namespace belfry::gateway
