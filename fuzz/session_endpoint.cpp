// The whole protocol stack of a shard against arbitrary bytes on several connections. The input is a list of steps:
//   <connection 0…7><action 0…7><length><bytes>
// The stack must not crash, leak, or answer on a connection that it has closed, and a client that joined before must still be
// served afterwards.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "protocol/world_for_tests.hpp"

using namespace belfry;
using namespace belfry::protocol::testing;

namespace {

constexpr std::string_view kUpgrade =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

void act(World& world, Peer*& peer, std::uint8_t action, std::string_view bytes) {
  switch (action % 8) {
    case 0:
      world.send(*peer, bytes);
      return;
    case 1:
      world.send(*peer, kUpgrade);
      return;
    case 2:
      world.send_text(*peer, bytes);
      return;
    case 3:
      world.send_binary(*peer, bytes);
      return;
    case 4:
      world.send_text(*peer, "40" + std::string(bytes));
      return;
    case 5:
      world.advance(std::chrono::milliseconds(bytes.size() * 50));
      return;
    case 6:
      if (peer->open) world.lose(*peer);
      peer = &world.connect();
      return;
    default:
      world.get(*peer, "/socket.io/?EIO=4&transport=polling&sid=" + std::string(bytes));
      return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World world;
  Peer& innocent = world.joined_client();
  Peer* peers[8];
  for (Peer*& peer : peers) peer = &world.connect();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  Duration passed{};
  while (input.size() >= 2) {
    const auto head = static_cast<std::uint8_t>(input[0]);
    const std::size_t length = std::min<std::size_t>(static_cast<std::uint8_t>(input[1]), input.size() - 2);
    if ((head >> 3) % 8 == 5) passed += std::chrono::milliseconds(length * 50);
    act(world, peers[head % 8], static_cast<std::uint8_t>(head >> 3), input.substr(2, length));
    input.remove_prefix(2 + length);
    if (passed >= std::chrono::seconds(5)) {
      world.send_text(innocent, "3");
      passed = {};
    }
  }
  World::messages(innocent);
  world.send_text(innocent, R"(42["still",1])");
  if (!innocent.open || world.shard().listener.events.back().find("still") == std::string::npos) std::abort();
  return 0;
}
