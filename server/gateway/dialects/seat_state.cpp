#include "gateway/dialects/seat_state.hpp"

#include <utility>

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {

namespace {

void put(Packer& packer, const accounts::Identity& identity) {
  packer.put(identity.user);
  packer.put_text(identity.username);
  packer.put(identity.role);
  packer.put(identity.login);
  packer.put(identity.expires);
  packer.put(identity.external);
  packer.put(identity.foreign);
}

std::unique_ptr<accounts::Identity> get_identity(Unpacker& unpacker) {
  auto identity = std::make_unique<accounts::Identity>();
  unpacker.get(identity->user);
  unpacker.get_text(identity->username);
  unpacker.get(identity->role);
  unpacker.get(identity->login);
  unpacker.get(identity->expires);
  unpacker.get(identity->external);
  unpacker.get(identity->foreign);
  return identity;
}

}  // namespace

std::string pack(const accounts::Identity& identity) {
  Packer packer;
  put(packer, identity);
  return packer.take();
}

std::unique_ptr<accounts::Identity> unpack_identity(std::string_view text) {
  if (text.empty()) return nullptr;
  Unpacker unpacker(text);
  auto identity = get_identity(unpacker);
  return unpacker.whole() ? std::move(identity) : nullptr;
}

std::string pack(const PackedSeat& packed) {
  Packer packer;
  packer.put(packed.speech);
  packer.put(packed.seat.session);
  packer.put_text(packed.seat.device);
  packer.put(packed.seat.identity != nullptr);
  if (packed.seat.identity) put(packer, *packed.seat.identity);
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
  if (known) packed.seat.identity = get_identity(unpacker);
  unpacker.get_text(packed.dialect);
  if (!unpacker.whole()) return std::nullopt;
  return packed;
}

}  // namespace belfry::gateway
