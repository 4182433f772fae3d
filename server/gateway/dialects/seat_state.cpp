#include "gateway/dialects/seat_state.hpp"

#include <utility>

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {

std::string pack(const PackedSeat& packed) {
  Packer packer;
  packer.put(packed.speech);
  packer.put(packed.seat.session);
  packer.put_text(packed.seat.device);
  packer.put(packed.seat.identity != nullptr);
  if (const auto* identity = packed.seat.identity.get()) {
    packer.put(identity->user);
    packer.put_text(identity->username);
    packer.put(identity->role);
    packer.put(identity->login);
    packer.put(identity->expires);
    packer.put(identity->external);
  }
  packer.put_text(packed.dialect);
  return packer.take();
}

std::optional<PackedSeat> unpack(std::string_view text) {
  Unpacker unpacker(text);
  PackedSeat packed;
  std::string device;
  bool known = false;
  unpacker.get(packed.speech);
  unpacker.get(packed.seat.session);
  unpacker.get_text(device);
  unpacker.get(known);
  packed.seat.device = RareText(std::move(device));
  if (known) {
    accounts::Identity identity;
    unpacker.get(identity.user);
    unpacker.get_text(identity.username);
    unpacker.get(identity.role);
    unpacker.get(identity.login);
    unpacker.get(identity.expires);
    unpacker.get(identity.external);
    packed.seat.identity = std::make_unique<accounts::Identity>(std::move(identity));
  }
  unpacker.get_text(packed.dialect);
  if (!unpacker.whole()) return std::nullopt;
  return packed;
}

}  // namespace belfry::gateway
