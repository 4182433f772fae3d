#include "gateway/native/pieces.hpp"

#include <chrono>

#include "base/uuid.hpp"

namespace belfry::gateway::native {

std::int64_t whole_ms(Duration duration) { return std::chrono::ceil<std::chrono::milliseconds>(duration).count(); }

std::string device_of(const SocketContext& context) {
  return context.device.empty() ? to_text(context.session.value()) : std::string(context.device);
}

calls::Actor actor_of(const SocketContext& context) {
  return {.user = context.identity->user,
          .session = context.session,
          .at = context.at,
          .device = device_of(context),
          .dialect = call::Dialect::native};
}

}  // namespace belfry::gateway::native
