#include "gateway/native/session.hpp"

#include <algorithm>

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {

std::string pack(const PackedSession& session) {
  Packer packer;
  packer.put(session.memory);
  packer.put(session.watches.has_value());
  if (!session.watches) return packer.take();
  packer.put(session.watches->version);
  packer.put(session.watches->users.size());
  for (const auto& user : session.watches->users) packer.put(user.value());
  return packer.take();
}

PackedSession unpack_session(std::string_view text) {
  PackedSession session;
  Unpacker unpacker(text);
  unpacker.get(session.memory);
  bool watches = false;
  unpacker.get(watches);
  if (watches) {
    auto& subscription = session.watches.emplace();
    std::size_t count = 0;
    unpacker.get(subscription.version);
    unpacker.get(count);
    for (count = std::min(count, text.size() / sizeof(Uuid)); count > 0; --count) {
      Uuid user{};
      unpacker.get(user);
      subscription.users.emplace_back(user);
    }
  }
  return unpacker.whole() ? session : PackedSession{};
}

}  // namespace belfry::gateway
