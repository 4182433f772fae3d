// What decodes can be encoded again, and decodes to the same packets.
#include <cstdint>
#include <cstdlib>

#include "wire/engineio/payload.hpp"

using namespace belfry;
using namespace belfry::engineio;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

void check(std::string_view body, Version version, Framing framing) {
  std::string scratch;
  const auto packets = decode_payload(as_bytes(body), version, framing, scratch);
  if (!packets) return;
  for (const BinaryAs binary_as : {BinaryAs::base64, BinaryAs::octets}) {
    PayloadWriter writer(version, binary_as);
    for (const Packet& packet : *packets) {
      if (version == Version::v4 && as_text(packet.data).find('\x1e') != std::string_view::npos &&
          packet.encoding == Encoding::text)
        return;
      writer.append(packet);
    }
    const Framing written = writer.framing();
    const std::string again = writer.take();
    std::string other;
    const auto back = decode_payload(as_bytes(again), version, written, other);
    expect(back && back->size() == packets->size());
    for (std::size_t i = 0; i < packets->size(); ++i) {
      expect((*back)[i].type == (*packets)[i].type && (*back)[i].encoding == (*packets)[i].encoding);
      expect(as_text((*back)[i].data) == as_text((*packets)[i].data));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  check(body, Version::v4, Framing::text);
  check(body, Version::v3, Framing::text);
  check(body, Version::v3, Framing::octets);
  return 0;
}
