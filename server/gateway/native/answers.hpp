// Acknowledgements that only the native dialect writes, beside those of gateway/dialects/acknowledgements.hpp: of a start, of a
// signal, of what comes too often, and snapshots.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/calls/result.hpp"
#include "base/time.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/json/errors.hpp"
#include "store/call_row.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::native {

/// The call, with `reachable` (SPEC J-2.13), and `glare:true` if the start became the answer to the peer's call.
[[nodiscard]] std::string start_answer(const calls::CallResult& answer);
/// The answer to a signal: whether it waits for a peer who is away (SPEC 2.8.14).
[[nodiscard]] std::string signal_answer(const calls::CallResult& answer);

/// failure_of() takes a call that is not active for one that somebody wants to end.
[[nodiscard]] Failure signal_failure(const calls::Refused& refused);
[[nodiscard]] std::string too_many(std::string_view what, Duration retry_after);

/// `calls:[call...], callSeqs:{id:n}` (SPEC 2.8.13).
void append_snapshot(json::Writer& json, const std::vector<store::StoredCall>& calls);
/// The same as an object.
[[nodiscard]] std::string snapshot(const std::vector<store::StoredCall>& calls);

}  // namespace belfry::gateway::native
