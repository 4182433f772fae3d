#include "wire/turn/twilio_token.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "wire/json/json.hpp"

namespace belfry::turn {
namespace {

// Twilio, "Tokens resource": "The default value is 86,400"; the longest that it gives.
constexpr std::int64_t kLongestLife = 86'400;
// A user name of Twilio has 64 letters. Longer texts would only burden browsers.
constexpr std::size_t kMaxText = 1024;

/// False: it is there, and not a short text.
bool read_text(const std::optional<json::Slice>& slice, std::string& text) {
  if (!slice) return true;
  const auto value = json::string_value(*slice);
  if (!value || value->size() > kMaxText) return false;
  text = *value;
  return true;
}

bool is_ice_url(std::string_view url) {
  // RFC 7064 3.1, RFC 7065 3.1: the four schemes.
  constexpr std::array<std::string_view, 4> kSchemes = {"stun:", "stuns:", "turn:", "turns:"};
  for (const std::string_view scheme : kSchemes)
    if (url.starts_with(scheme) && url.size() > scheme.size()) return true;
  return false;
}

std::optional<IceServer> read_server(json::Slice object) {
  if (object.kind != json::Kind::object) return std::nullopt;
  IceServer server;
  if (!read_text(json::member(object, "urls"), server.url)) return std::nullopt;
  if (server.url.empty() && !read_text(json::member(object, "url"), server.url)) return std::nullopt;
  if (!read_text(json::member(object, "username"), server.username)) return std::nullopt;
  if (!read_text(json::member(object, "credential"), server.credential)) return std::nullopt;
  if (!is_ice_url(server.url)) return std::nullopt;
  return server;
}

/// A text of digits in Twilio's answers. nullopt: no number of seconds.
std::optional<Duration> read_life(const std::optional<json::Slice>& slice) {
  if (!slice) return std::nullopt;
  const std::string text = json::string_value(*slice).value_or(std::string(slice->raw));
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds <= 0 || seconds > kLongestLife) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

std::optional<TwilioToken> parse_twilio_token(std::string_view answer) {
  if (answer.size() > kMaxTwilioAnswer) return std::nullopt;
  json::Reader reader;
  const auto root = reader.validate(answer);
  if (!root || root->kind != json::Kind::object) return std::nullopt;
  const auto list = json::member(*root, "ice_servers");
  const auto life = read_life(json::member(*root, "ttl"));
  std::vector<json::Slice> parts;
  if (!life || !list || list->kind != json::Kind::array || !json::elements(*list, parts, kMaxTwilioServers)) return std::nullopt;
  TwilioToken token{.life = *life};
  for (const json::Slice part : parts) {
    auto server = read_server(part);
    if (!server) return std::nullopt;
    token.servers.push_back(*std::move(server));
  }
  return token;
}

}  // namespace belfry::turn
