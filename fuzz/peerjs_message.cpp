// What decodes is passed on as JSON that decodes to the same message, whatever its sender's id. What is read of a call's media
// is written to another connection as JSON that reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/peerjs/media.hpp"
#include "wire/peerjs/message.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

void rewrite_media(std::string_view payload, json::Reader& reader) {
  const auto part = peerjs::media_part(payload);
  if (!part) return;
  std::string written;
  if (!part->candidate.empty())
    peerjs::append_candidate(written, part->candidate, part->connection);
  else if (!part->sdp.empty())
    peerjs::append_offer(written, part->sdp, part->connection, {.name = part->connection});
  else
    return;
  expect(reader.validate(written).has_value());
  const auto back = peerjs::media_part(written);
  expect(back && back->connection == part->connection);
  expect(part->candidate.empty() || part->candidate.starts_with('"') || back->candidate == part->candidate);
}

}  // namespace

/// The input is a message; its first bytes serve as the sender's id, too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  static json::Reader other;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto message = peerjs::decode(text, reader);
  const std::string_view src = text.substr(0, 16);
  if (message) rewrite_media(message->payload, other);
  if (!message || !peerjs::is_valid_id(src)) return 0;
  std::string passed_on;
  peerjs::append_message(passed_on, message->type, src, message->dst, message->payload);
  const auto whole = other.validate(passed_on);
  expect(whole && whole->kind == json::Kind::object);
  const auto said = json::member(*whole, "src");
  expect(said && json::string_value(*said) == src);
  const auto back = peerjs::decode(passed_on, other);
  expect(back && back->type == message->type && back->dst == message->dst && back->payload == message->payload);
  return 0;
}
