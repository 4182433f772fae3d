// The server events about messages (SPEC K35 to K40).
#pragma once

#include "app/notices/chat_notices.hpp"
#include "gateway/native/sessions.hpp"

namespace belfry::gateway::native {

/// May end the session: a slow reader is closed.
void send_chat_notice(Sessions& sessions, NativeSession& session, const chat::ChatNotice& notice);

}  // namespace belfry::gateway::native
