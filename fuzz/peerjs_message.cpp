// What decodes is passed on as JSON that decodes to the same message, whatever its sender's id.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/peerjs/message.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

/// The input is a message; its first bytes serve as the sender's id, too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  static json::Reader other;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto message = peerjs::decode(text, reader);
  const std::string_view src = text.substr(0, 16);
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
