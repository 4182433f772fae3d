#include "gateway/native/sessions.hpp"

#include "gateway/json/iso_time.hpp"

namespace belfry::gateway::native {

NativeSession* Sessions::find(SessionAddress at) {
  own_thread_.check();
  const auto found = sessions_.find(at.slot);
  return found == sessions_.end() || found->second->context->at != at ? nullptr : found->second.get();
}

NativeSession& Sessions::place(SocketContext& context) {
  own_thread_.check();
  auto& session = sessions_[context.at.slot];
  session = std::make_unique<NativeSession>();
  session->context = &context;
  return *session;
}

std::vector<NativeSession*> Sessions::greeted() const {
  std::vector<NativeSession*> all;
  for (const auto& [slot, session] : sessions_)
    if (session->greeted) all.push_back(session.get());
  return all;
}

void Sessions::append_head(NativeSession& session, json::Writer& json) const {
  json.member("v", std::int64_t{1})
      .member("seq", static_cast<std::int64_t>(++session.memory.seq))
      .member("ts", iso_text(clock_.wall()));
}

}  // namespace belfry::gateway::native
