// What decodes, encoded again in head and data, decodes to the same packet; in data that passed placeholders_are_valid a client
// that uses JSON.parse finds no placeholder out of range; and the name that is taken from a packet without decoding it is part of
// the text, and that of the event if it decodes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/socketio/packet.hpp"

using namespace belfry;
using namespace belfry::socketio;

namespace {
void expect(bool condition) {
  if (!condition) std::abort();
}

/// Does what a receiver does, slowly: a second check of placeholders_are_valid.
bool is_safe_to_reconstruct(json::Slice slice, std::int64_t attachments) {
  std::vector<json::Slice> children;
  if (slice.kind == json::Kind::array) expect(json::elements(slice, children, slice.raw.size()));
  if (slice.kind == json::Kind::object) {
    if (json::member(slice, "_placeholder")) {
      const auto index = json::member(slice, "num");
      const std::int64_t number = index ? json::integer_value(*index).value_or(-1) : -1;
      if (number < 0 || number >= attachments) return false;
    }
    std::vector<std::pair<json::Slice, json::Slice>> members;
    static_cast<void>(json::entries(slice, members, slice.raw.size()));
    for (const auto& [key, value] : members) children.push_back(value);
  }
  return std::ranges::all_of(children, [&](json::Slice child) { return is_safe_to_reconstruct(child, attachments); });
}
void check_announced_event(std::string_view text, const Packet* packet, const std::vector<json::Slice>& arguments) {
  const std::string_view name = announced_event(text);
  expect(name.size() <= kMaxAnnouncedName && name.find('"') == std::string_view::npos);
  expect(name.empty() || (name.data() >= text.data() && name.data() + name.size() <= text.data() + text.size()));
  if (packet == nullptr || packet->name_space != "/" ||
      (packet->type != PacketType::event && packet->type != PacketType::binary_event))
    return;
  expect(announced_ack(text) == packet->ack_id);
  const auto head = static_cast<std::size_t>(packet->data.raw.data() - text.data());
  const std::string_view written = arguments.front().raw.substr(1, arguments.front().raw.size() - 2);
  const bool is_plain = packet->data.raw.starts_with("[\"") && written.find('\\') == std::string_view::npos;
  if (head < 32 && is_plain && text.find('/') > head) expect(name == written.substr(0, kMaxAnnouncedName));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  std::vector<json::Slice> arguments;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto packet = decode(text, reader, {}, arguments);
  check_announced_event(text, packet ? &*packet : nullptr, arguments);
  if (!packet) {
    static_cast<void>(explain(packet.error()));
    return 0;
  }
  expect(announced_attachments(text) == packet->attachments);
  if (packet->has_data && placeholders_are_valid(packet->data, packet->attachments))
    expect(is_safe_to_reconstruct(packet->data, packet->attachments));
  std::string again;
  append_head(again, packet->type, packet->name_space, packet->ack_id, packet->attachments);
  again += packet->data.raw;
  const std::size_t count = arguments.size();
  const auto back = decode(again, reader, {}, arguments);
  expect(back && back->type == packet->type && back->name_space == packet->name_space && back->ack_id == packet->ack_id);
  expect(back->attachments == packet->attachments && back->data.raw == packet->data.raw && arguments.size() == count);
  return 0;
}
