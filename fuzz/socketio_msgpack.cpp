// A decoded MessagePack packet has valid JSON whose placeholders are all real; encoded and decoded again it has the same head and
// attachments; and no input grows beyond a small multiple of its size.
#include <cstdint>
#include <cstdlib>

#include "wire/socketio/msgpack.hpp"

using namespace belfry;
using namespace belfry::socketio;

namespace {
void expect(bool condition) {
  if (!condition) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  const auto packet = decode_msgpack({reinterpret_cast<const std::byte*>(data), size}, {});
  if (!packet) return 0;
  expect(packet->data_json.size() <= 64 * size + 64);
  json::Slice slice;
  if (!packet->data_json.empty()) {
    const auto valid = reader.validate(packet->data_json);
    if (!valid) {
      expect(valid.error() != json::Fault::syntax);
      return 0;
    }
    slice = *valid;
    expect(placeholders_are_valid(slice, static_cast<std::uint32_t>(packet->attachments.size())));
  }
  std::vector<Bytes> attachments;
  for (const std::string& attachment : packet->attachments) attachments.push_back(as_bytes(attachment));
  std::string wire;
  append_msgpack(wire, packet->type, packet->name_space, packet->ack_id, slice, attachments);
  expect(wire.size() <= 16 * size + 64);
  const auto back = decode_msgpack(as_bytes(wire), {});
  expect(back && back->type == packet->type && back->name_space == packet->name_space && back->ack_id == packet->ack_id);
  expect(back->attachments == packet->attachments);
  return 0;
}
