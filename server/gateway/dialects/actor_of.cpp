#include "gateway/dialects/actor_of.hpp"

#include "base/uuid.hpp"

namespace belfry::gateway {

std::string device_of(const SocketContext& context) {
  return context.device.empty() ? to_text(context.session.value()) : std::string(context.device);
}

calls::Actor actor_of(const SocketContext& context, call::Dialect dialect) {
  return {.user = context.identity->user,
          .session = context.session,
          .at = context.at,
          .device = device_of(context),
          .dialect = dialect};
}

}  // namespace belfry::gateway
