#include "gateway/native/session.hpp"

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {

std::string pack(const SessionMemory& memory) {
  Packer packer;
  packer.put(memory);
  return packer.take();
}

SessionMemory unpack_memory(std::string_view text) {
  SessionMemory memory;
  Unpacker unpacker(text);
  unpacker.get(memory);
  return unpacker.whole() ? memory : SessionMemory{};
}

}  // namespace belfry::gateway
