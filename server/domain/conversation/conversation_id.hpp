// The id of a conversation, for those who only name one.
#pragma once

#include "base/strong_id.hpp"
#include "base/uuid.hpp"

namespace belfry::conversation {

using ConversationId = StrongId<struct ConversationIdTag, Uuid>;

}  // namespace belfry::conversation
