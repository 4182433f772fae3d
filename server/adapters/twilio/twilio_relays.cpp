#include "adapters/twilio/twilio_relays.hpp"

#include <curl/curl.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "base/check.hpp"

namespace belfry::twilio {

TwilioRelays::TwilioRelays(Settings settings, Mailboxes& mailboxes, Log& log)
    : TwilioRelays(std::move(settings), mailboxes, log, [](const Settings& with, const std::atomic<bool>& give_up) {
        return post_for_token(with.account, with.life, with.time_to_wait, give_up);
      }) {}

TwilioRelays::TwilioRelays(Settings settings, Mailboxes& mailboxes, Log& log, Post post)
    : settings_(std::move(settings)),
      mailboxes_(mailboxes),
      log_(log),
      post_(std::move(post)) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl has what it needs");
  worker_ = std::thread([this] { work(); });
}

TwilioRelays::~TwilioRelays() {
  ending_ = true;
  fetches_.close();
  worker_.join();
  curl_global_cleanup();
}

void TwilioRelays::relays(ShardIndex shard, TimePoint now, Done done) {
  const auto known = state_.with([&](State& state) -> std::optional<Relays> {
    if (now < state.good_until) return state.relays;
    if (now < state.silent_until) return Relays{};
    state.waiting.push_back({shard, done});
    if (state.waiting.size() == 1) static_cast<void>(fetches_.try_push(now));
    return std::nullopt;
  });
  if (known) done(*known);
}

void TwilioRelays::work() {
  while (const auto asked_at = fetches_.pop()) {
    if (ending_) return;
    fetch(*asked_at);
  }
}

void TwilioRelays::fetch(TimePoint asked_at) {
  const auto answer = post_(settings_, ending_);
  const auto token = answer ? turn::parse_twilio_token(*answer) : std::nullopt;
  if (!token && !ending_) {
    const PostFault fault = answer ? PostFault{"the answer is no list of servers"} : answer.error();
    log_.warn("Twilio gives no relays", {{"reason", std::string_view(fault.reason)}, {"status", std::int64_t{fault.status}}});
  }
  const Relays relays = token ? Relays{token->servers, asked_at + token->life} : Relays{};
  const auto waiting = state_.with([&](State& state) {
    if (token) {
      state.relays = relays;
      state.good_until = asked_at + token->life / 2;
    } else {
      state.silent_until = asked_at + settings_.time_to_wait + settings_.pause;
    }
    return std::exchange(state.waiting, {});
  });
  for (const Waiting& each : waiting) mailboxes_.post(each.shard, [done = each.done, relays] { done(relays); });
}

}  // namespace belfry::twilio
