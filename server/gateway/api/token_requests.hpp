// What all requests for media tokens share: what one asks for, refusals, and the log of both. For the files of token routes, and
// for the token dialect.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/api_call.hpp"
#include "gateway/api/token_routes.hpp"

namespace belfry::gateway {

/// The channel that a request names: the id of a conversation, or the name that seed 002's client chose; empty: a call's.
struct TokenSubject {
  std::string conversation{};
  std::string channel{};
};

[[nodiscard]] call_tokens::TokenRequest token_request_of(const ApiCall& call);
[[nodiscard]] Field provider_field();
[[nodiscard]] Field uid_type_field();
[[nodiscard]] Field role_field();

[[nodiscard]] std::int64_t whole_seconds(Duration duration);
void note_issued(const TokenServices& services, const ApiCall& call, const TokenSubject& subject, call_tokens::Provider provider);
void note_refused(const TokenServices& services, const ApiCall& call, const TokenSubject& subject, ApiError why);
/// The same for requests of sockets, which have no id.
void log_issued(const TokenServices& services, const account::UserId& user, const TokenSubject& subject,
                call_tokens::Provider provider, std::string_view request_id = {});
/// Who was refused, where and when. `address`: of somebody who is not known.
struct RefusedAsker {
  std::optional<account::UserId> user{};
  std::string_view address{};
  std::string_view operation{};
  TimePoint at{};
  std::string_view request_id{};
};
/// Counts each refusal, and logs it; of those by a limit only the first in a minute to one asker, or a flood would fill the disk.
void log_refused(const TokenServices& services, const RefusedAsker& asker, const TokenSubject& subject, ApiError why);

/// `in_conversation`: the message for strangers names a conversation, not a call.
enum class About : std::uint8_t { conversation, call };
[[nodiscard]] Failure failure_of(call_tokens::TokenFault fault, About about);

}  // namespace belfry::gateway
