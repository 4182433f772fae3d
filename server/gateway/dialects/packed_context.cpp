#include "gateway/dialects/packed_context.hpp"

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

std::string pack(const PackedContext& packed) {
  Packer packer;
  packer.put(packed.choice);
  packer.put(packed.context.session);
  packer.put_text(packed.context.device);
  packer.put(packed.context.identity != nullptr);
  if (packed.context.identity) put(packer, *packed.context.identity);
  packer.put_text(packed.dialect);
  return packer.take();
}

std::optional<PackedContext> unpack(std::string_view text) {
  Unpacker unpacker(text);
  PackedContext packed;
  std::string device;
  bool known = false;
  unpacker.get(packed.choice);
  unpacker.get(packed.context.session);
  unpacker.get_text(device);
  unpacker.get(known);
  packed.context.device = RareText(std::move(device));
  if (known) packed.context.identity = get_identity(unpacker);
  unpacker.get_text(packed.dialect);
  if (!unpacker.whole()) return std::nullopt;
  return packed;
}

}  // namespace belfry::gateway
