// A stream read whole and the same stream read byte by byte give the same messages and the same end.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "wire/websocket/frame.hpp"

using namespace belfry;
using namespace belfry::websocket;

namespace {

std::vector<std::string> read_all(const std::string& stream, std::size_t step, const ReadOptions& options) {
  std::vector<std::string> seen;
  std::string buffer;
  std::string scratch;
  std::unique_ptr<Fragments> fragments;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    buffer += stream.substr(at, step);
    while (true) {
      const auto incoming = read(as_mutable_bytes(buffer), fragments, scratch, options);
      if (!incoming) {
        seen.push_back("violation " + std::to_string(static_cast<int>(incoming.error())));
        return seen;
      }
      if (incoming->consumed > buffer.size() || incoming->payload.size() > options.max_message) std::abort();
      if (incoming->kind != Incoming::Kind::need_more)
        seen.push_back(std::to_string(static_cast<int>(incoming->kind)) + ' ' +
                       std::to_string(static_cast<int>(incoming->close)) + ' ' + std::string(as_text(incoming->payload)));
      buffer.erase(0, incoming->consumed);
      if (incoming->kind == Incoming::Kind::need_more) break;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ReadOptions options{
      .role = (data[0] & 1) != 0 ? Role::server : Role::client, .max_message = 4096, .deflate = (data[0] & 2) != 0};
  const std::string stream(reinterpret_cast<const char*>(data + 1), size - 1);
  if (read_all(stream, stream.size() + 1, options) != read_all(stream, 1, options)) std::abort();
  return 0;
}
