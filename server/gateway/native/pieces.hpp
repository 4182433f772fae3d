// Small pieces of JSON, and what a context says about its socket, that both directions of the native dialect use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/calls/actor.hpp"
#include "base/token_bucket.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "store/call_row.hpp"

namespace belfry::gateway::native {

[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::string quoted_or_null(std::string_view text);  // null if empty
[[nodiscard]] std::string id_or_null(const std::optional<calls::UserId>& id);
[[nodiscard]] std::string time_or_null(const std::optional<WallTime>& time);
/// With its people by name: a client that comes back has nobody else to ask.
[[nodiscard]] std::string whole_call(const store::StoredCall& call);
/// The tail of rate.warning.
[[nodiscard]] std::string rate_warning(std::string_view bucket, const RateLimit& limit, Duration retry_after);
[[nodiscard]] std::int64_t whole_ms(Duration duration);  // rounded up

/// SPEC 2.8.12: what the client calls itself, else the session's own id.
[[nodiscard]] std::string device_of(const SocketContext& context);
[[nodiscard]] calls::Actor actor_of(const SocketContext& context);

}  // namespace belfry::gateway::native
