// What decodes, written again head and data, decodes to the same packet.
#include <cstdint>
#include <cstdlib>

#include "wire/socketio/packet.hpp"

using namespace belfry;            // NOLINT
using namespace belfry::socketio;  // NOLINT

namespace {
void expect(bool condition) {
  if (!condition) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  std::vector<json::Slice> arguments;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto packet = decode(text, reader, {}, arguments);
  if (!packet) return (void)explain(packet.error()), 0;
  (void)placeholders_are_valid(packet->data, packet->attachments);
  std::string again;
  append_head(again, packet->type, packet->name_space, packet->ack_id, packet->attachments);
  again += packet->data.raw;
  const std::size_t count = arguments.size();
  const auto back = decode(again, reader, {}, arguments);
  expect(back && back->type == packet->type && back->name_space == packet->name_space && back->ack_id == packet->ack_id);
  expect(back->attachments == packet->attachments && back->data.raw == packet->data.raw && arguments.size() == count);
  return 0;
}
