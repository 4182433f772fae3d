#include "gateway/native/session.hpp"

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {

EarlyEvent copy_of(const session::IncomingEvent& event) {
  EarlyEvent copy{.name = std::string(event.name),
                  .arguments = {},
                  .ack_id = event.ack_id,
                  .attachments = {event.attachments.begin(), event.attachments.end()}};
  for (const json::Slice& argument : event.arguments) copy.arguments.emplace_back(argument.kind, argument.raw);
  return copy;
}

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
