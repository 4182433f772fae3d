// Migration 21: by what a message that was edited or deleted is known when its send is repeated (SPEC K32). Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// A chat::TextMark, of a message that was edited or deleted; NULL of one that was so before this migration.
inline constexpr std::string_view kSentText = R"sql(
ALTER TABLE messages ADD COLUMN "sentText" INTEGER;
)sql";

}  // namespace belfry::sqlite
