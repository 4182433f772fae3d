// A user named a conversation that the user is not in (SPEC J-7.4). The record stands in the audit, without a call.
#pragma once

#include <string>
#include <string_view>

#include "domain/conversation/conversation.hpp"
#include "store/call_store.hpp"

namespace belfry::store {

inline constexpr std::string_view kRefusedStranger = "conversation.refused";

struct RefusedStranger {
  UserId user{};
  conversation::ConversationId conversation{};
  std::string operation{};  // or event: of letters, digits and hyphens. In the payload it is `door`
  WallTime at{};
};

[[nodiscard]] inline AuditRecord audit_record(const RefusedStranger& refused) {
  return {.type = std::string(kRefusedStranger),
          .actor = refused.user,
          .payload = R"({"conversationId":")" + belfry::to_text(refused.conversation.value()) + R"(","door":")" +
                     refused.operation + R"("})",
          .at = refused.at};
}

}  // namespace belfry::store
