#include "gateway/chat/held_timeouts.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace belfry::gateway::chat_clients {

void HeldTimeouts::hold(SessionAddress at, const account::UserId& user, ServerEvent event) {
  own_thread_.check();
  held_.push_back({at, user, std::move(event), clock_.now() + kHeld});
}

void HeldTimeouts::drop(const account::UserId& user) {
  own_thread_.check();
  std::erase_if(held_, [&](const Held& each) { return each.user == user; });
}

void HeldTimeouts::send(SessionAddress at) {
  own_thread_.check();
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const Held& each) { return each.at == at; });
  if (found == held_.end()) return;
  const Held first = std::move(*found);
  held_.erase(found);
  emit(first);
  send(at);
}

void HeldTimeouts::on_time(TimePoint now) {
  own_thread_.check();
  while (!held_.empty() && held_.front().due <= now) {
    const Held first = std::move(held_.front());
    held_.pop_front();
    emit(first);
  }
}

void HeldTimeouts::emit(const Held& held) {
  const std::string_view payload = held.event.payload;
  out_.emit(held.at, held.event.name, std::span(&payload, 1));
}

}  // namespace belfry::gateway::chat_clients
