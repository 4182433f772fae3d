// What push providers answer, and Google's endpoint for access tokens. Each push gets one reply, and its error is short text that
// can be shown, for the log of pushes shows it. No part of an answer adds a line to a later request. An access token is used for
// an hour at most. The first letter says which answer the rest is, the second its status. Not here: Web Push, of whose answers
// only the status counts.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/push/apns.hpp"
#include "adapters/push/fcm.hpp"
#include "base/must_have.hpp"
#include "wire/base64/base64.hpp"

using namespace belfry;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kTokens = "https://oauth/token";

void expect(bool condition) {
  if (!condition) std::abort();
}

bool can_be_shown(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7F'; });
}

/// RFC 8292 2.4: its key of the example. ES256 is a hundredth of the work of RS256, with which Google wants its assertions
/// signed.
jwt::SigningKey key() {
  const auto bytes = [](std::string_view url) { return must_have(base64::decode(url, base64::Form::url), "it is base64url"); };
  return must_have(
      jwt::SigningKey::es256(bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
                             bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8")),
      "they belong together");
}

/// Answers each request at once: those to `tokens` or to the provider with the input, all others as they should be answered.
struct Network {
  enum class Says : std::uint8_t { tokens, provider } who = Says::provider;
  push::HttpAnswer input{};
  WallTime now{1'800'000'000'000};
  std::vector<std::string> urls{};
  std::vector<store::PushReply> replies{};

  push::HttpSend http() {
    return [this](const push::HttpRequest& request, const std::function<void(const push::HttpResult&)>& done) {
      urls.push_back(request.url);
      for (const std::string& header : request.headers) expect(can_be_shown(header));
      const bool is_token = request.url == kTokens;
      if (is_token == (who == Says::tokens)) return done(input);
      done(push::HttpAnswer{.status = 200, .body = is_token ? R"({"access_token":"a"})" : "{}"});
    };
  }
  push::WallClock clock() {
    return [this] { return now; };
  }
  void check_reply(std::size_t number) const {
    expect(replies.size() == number);
    const auto error = std::visit(
        [](const auto& outcome) {
          if constexpr (requires { outcome.error; }) return std::string_view(outcome.error);
          return std::string_view();
        },
        replies.back().outcome);
    expect(can_be_shown(error) && error.size() <= 80);
  }
};

store::PushMessage message() {
  store::PushMessage message{.json = R"({"type":"ring"})", .left = 30s};
  message.device.address = {.token = "device"};
  return message;
}

template <class Provider>
void push_to(Provider& provider, Network& network) {
  const std::size_t before = network.replies.size();
  provider.send(message(), [&](const store::PushReply& reply) { network.replies.push_back(reply); });
  network.check_reply(before + 1);
}

void check_fcm(Network& network) {
  static const push::ServiceAccount account{.project = "p", .email = "e", .token_uri = std::string(kTokens), .key = key()};
  push::Fcm fcm({.account = account, .endpoint = "https://fcm"}, network.http(), network.clock(), 10s);
  push_to(fcm, network);
  push_to(fcm, network);
  network.now = network.now + std::chrono::hours{1};
  network.urls.clear();
  push_to(fcm, network);
  expect(network.urls.front() == kTokens);
}

void check_apns(Network& network) {
  static const jwt::SigningKey signs = key();
  push::Apns apns({.key = signs, .team = "t", .topic = "com.example", .endpoint = "https://apns"}, network.http(),
                  network.clock(), 10s);
  push_to(apns, network);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<long, 8> kStatuses = {200, 400, 401, 403, 404, 410, 429, 503};
  if (size < 2) return 0;
  Network network;
  network.input.status = kStatuses[data[1] % kStatuses.size()];
  network.input.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (data[0] == 't') network.who = Network::Says::tokens;
  data[0] == 'a' ? check_apns(network) : check_fcm(network);
  return 0;
}
