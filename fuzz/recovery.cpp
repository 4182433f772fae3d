// A lost socket comes back only for its own pid and an offset that it was sent, and then gets exactly the events behind that
// offset; whatever else a client names, it gets a new socket or a closed connection. The input is the pid, "|" and the offset, as
// the client writes them into its CONNECT; an empty pid stands for the right one.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "protocol/session_id.hpp"
#include "protocol/world_for_tests.hpp"

using namespace belfry;
using namespace belfry::protocol::testing;

namespace {

constexpr std::uint64_t kSent = 3;

void expect(bool condition) {
  if (!condition) std::abort();
}

/// {"sid":"…","pid":"…"} of a CONNECT's answer.
std::string pid_in(const std::string& answer) {
  constexpr std::string_view kKey = R"("pid":")";
  const std::size_t at = answer.find(kKey);
  return at == std::string::npos ? "" : answer.substr(at + kKey.size(), protocol::kSessionIdLength);
}

/// The number of events that a client with this offset has seen; nullopt: it was never sent such an offset.
std::optional<std::uint64_t> seen_of(std::string_view offset) {
  std::uint64_t seen = 0;
  const auto [end, fault] = std::from_chars(offset.data(), offset.data() + offset.size(), seen);
  if (fault != std::errc{} || end != offset.data() + offset.size() || seen > kSent) return std::nullopt;
  return seen;
}

std::string connect_packet(std::string_view pid, std::string_view offset) {
  std::string packet = R"(40{"pid":)";
  json::append_quoted(packet, pid);
  packet += R"(,"offset":)";
  json::append_quoted(packet, offset);
  return packet + "}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t bar = std::min(input.find('|'), size);
  World world;
  Peer& lost = world.joined_client();
  const std::string pid = pid_in(world.joined_answer);
  const std::string_view argument[] = {"1"};
  for (std::uint64_t i = 0; i < kSent; ++i) world.shard().sockets->emit(world.shard().listener.last, "event", argument);
  world.lose(lost);

  const std::string named = bar == 0 ? pid : std::string(input.substr(0, bar));
  const std::string_view offset = input.substr(std::min(bar + 1, size));
  Peer& back = world.connect();
  world.open_websocket(back, "/socket.io/?EIO=4&transport=websocket");
  World::messages(back);
  world.send_text(back, connect_packet(named, offset));
  const std::vector<std::string> answers = World::messages(back);
  const auto seen = seen_of(offset);
  const bool recovered = !answers.empty() && pid_in(answers.front()) == pid;
  expect(recovered == (named == pid && seen.has_value()));
  if (recovered && seen) expect(answers.size() == 1 + (kSent - *seen));
  if (!recovered && back.open) expect(answers.size() == 1 && answers.front().starts_with("40{"));
  return 0;
}
