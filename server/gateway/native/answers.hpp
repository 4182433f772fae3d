// Acknowledgements of the native dialect: `{success, data?, error?: {code, message, details?}}` (SPEC 0).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/accounts/identity.hpp"
#include "app/calls/result.hpp"
#include "gateway/native/payload.hpp"

namespace belfry::gateway::native {

[[nodiscard]] std::string success(std::string_view data = {});
/// The call itself, with `glare:true` if a start joined the other's.
[[nodiscard]] std::string call_answer(const calls::Outcome& outcome);
/// A signal: whether it waits for a peer in grace (SPEC 2.8.14).
[[nodiscard]] std::string signal_answer(const calls::Outcome& outcome);
[[nodiscard]] std::string refusal(const calls::Refused& refused);
[[nodiscard]] std::string refusal(const Issues& issues);
[[nodiscard]] std::string refusal(std::string_view code, std::string_view message);
[[nodiscard]] std::string rate_refusal(Duration retry_after);

/// `more` follows code and message inside `error`; `data` is one JSON value, or empty.
[[nodiscard]] std::string failure(std::string_view code, std::string_view message, std::string_view more,
                                  std::string_view data = {});

/// `{calls:[call...], callSeqs:{id:n}}` (SPEC 2.8.13).
[[nodiscard]] std::string snapshot(const std::vector<store::StoredCall>& calls);

}  // namespace belfry::gateway::native
