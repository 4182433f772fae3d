// Whatever Twilio's address answers, browsers get at most kMaxTwilioServers servers, each with a STUN or TURN address.
#include "wire/turn/twilio_token.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace belfry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto token = turn::parse_twilio_token({reinterpret_cast<const char*>(data), size});
  if (!token) return 0;
  if (token->servers.size() > turn::kMaxTwilioServers || token->life <= Duration{}) std::abort();
  for (const turn::IceServer& server : token->servers)
    if (!server.url.starts_with("stun") && !server.url.starts_with("turn")) std::abort();
  return 0;
}
