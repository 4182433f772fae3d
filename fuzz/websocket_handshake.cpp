// The headers of an opening handshake (RFC 6455 4.2), and the bytes that the client sends right after it. The input follows the
// request line and Host. A socket opens only for a complete handshake, with the accept key of its key and no extension that was
// not offered. A key or an offer alone gives the same verdict.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/world_for_tests.hpp"
#include "wire/websocket/deflate.hpp"

using namespace belfry;
using namespace belfry::protocol::testing;

namespace {

constexpr std::string_view kExtension = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_header_values(std::string_view text) {
  const auto extension = websocket::accept_deflate_offer(text);
  if (extension) expect(*extension == kExtension && text.find("permessage-deflate") != std::string_view::npos);
  if (websocket::is_valid_key(text)) expect(text.size() == 24 && text.ends_with("=="));
  expect(websocket::accept_key(text).size() == 28);  // base64 of SHA-1's twenty bytes
}

void check_opened(std::string_view answer, std::string_view asked) {
  http::Request request;
  const auto read = http::read_head(as_bytes(asked), {}, request);
  expect(read && *read && request.has_token("upgrade", "websocket") && request.has_token("connection", "upgrade"));
  expect(request.header("sec-websocket-version") == "13");
  const std::string_view key = request.header("sec-websocket-key").value_or("");
  expect(websocket::is_valid_key(key) && key.size() == 24 && key.ends_with("=="));
  expect(answer.find("\r\nSec-WebSocket-Accept: " + websocket::accept_key(key) + "\r\n") != std::string_view::npos);
  const bool extended = answer.find("\r\nSec-WebSocket-Extensions: ") != std::string_view::npos;
  expect(extended == websocket::accept_deflate_offer(request.header("sec-websocket-extensions").value_or("")).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_header_values(input);
  World world;
  world.engine.deflate = true;
  Peer& peer = world.connect();
  std::string asked = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\n";
  asked += input;
  world.send(peer, asked);
  const std::string answer = peer.take();
  if (answer.starts_with("HTTP/1.1 101 ")) check_opened(answer.substr(0, answer.find("\r\n\r\n") + 2), asked);
  // Whatever happened, the next client is served.
  Peer& next = world.joined_client();
  world.send_text(next, R"(42["still",1])");
  expect(next.open && world.shard().listener.events.back() == "event still 1");
  return 0;
}
