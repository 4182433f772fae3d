// Inflating any input stays within its bound; deflating and inflating returns the message.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/websocket/deflate.hpp"

using namespace belfry;
using namespace belfry::websocket;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input{reinterpret_cast<const std::byte*>(data), size};
  std::string out;
  if (inflate_message(input, 10'000, out) == Inflated::ok && out.size() > 10'000) std::abort();
  std::string compressed;
  deflate_message(input, compressed);
  if (inflate_message(as_bytes(compressed), size, out) != Inflated::ok || out != as_text(input)) std::abort();
  (void)accept_deflate_offer(as_text(input));
  return 0;
}
