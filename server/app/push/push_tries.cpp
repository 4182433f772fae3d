#include "app/push/push_tries.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace belfry::push {
namespace {

using store::PushStatus;

/// Removes what stands before the next colon from the front of `text`.
std::string_view take_word(std::string_view& text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto word = text.substr(0, colon);
  text.remove_prefix(std::min(colon + 1, text.size()));
  return word;
}

}  // namespace

std::string key_of(store::PushType type, const store::Device& device) {
  return std::string(to_text(type)).append(":").append(to_text(device.id.value())).append(":").append(to_text(device.provider));
}

std::optional<PushKey> key_in(const store::OutboxEntry& entry) {
  std::string_view rest = entry.key;
  const auto type = store::parse_push_type(take_word(rest));
  const auto device = parse_uuid(take_word(rest));
  const auto provider = store::parse_push_provider(take_word(rest));
  if (!type || !device || !provider) return std::nullopt;
  return PushKey{.id = {.call = entry.call, .device = store::DeviceId(*device), .type = *type}, .provider = *provider};
}

void PushTries::send(const store::OutboxEntry& entry, Done answer) {
  const auto key = key_in(entry);
  if (!key) return answer(outbox::Undeliverable{});
  parts_.counters.began();
  const Done done = [this, answer = std::move(answer)](const outbox::Outcome& outcome) {
    parts_.counters.left();
    answer(outcome);
  };
  parts_.devices.start_try(key->id, parts_.clock.wall(), [this, entry, key = *key, done](const auto& begun) {
    if (!begun) return done(outbox::Failed{});
    const std::optional<store::PushTry>& attempt = *begun;
    if (!attempt) return end(key, {.status = PushStatus::dropped, .outcome = outbox::Delivered{}}, {}, done);
    hand_over(entry, key, *attempt, done);
  });
}

void PushTries::hand_over(const store::OutboxEntry& entry, const PushKey& key, const store::PushTry& attempt, const Done& done) {
  if (!parts_.providers.serves(attempt.device.provider))
    return end(key, {PushStatus::failed, "provider is off", outbox::Undeliverable{}}, {}, done);
  parts_.counters.handed_over(key.provider);
  const WallTime now = parts_.clock.wall();
  const WallTime expires = entry.expires.value_or(now);
  parts_.providers.send({.device = attempt.device, .call = entry.call, .json = entry.payload, .left = expires - now},
                        [this, key, user = entry.to, attempt, done](const store::PushReply& reply) {
                          const bool accepted = std::holds_alternative<store::PushAccepted>(reply.outcome);
                          if (accepted && key.id.type == store::PushType::ring) parts_.rung(key.id.call, user);
                          end(key, ending_of(reply, attempt), reply.took, done);
                        });
}

PushTries::Ending PushTries::ending_of(const store::PushReply& reply, const store::PushTry& attempt) {
  if (const auto* later = std::get_if<store::PushPostponed>(&reply.outcome)) {
    if (attempt.attempt >= parts_.max_attempts) return {PushStatus::failed, later->error, outbox::Undeliverable{}};
    return {PushStatus::pending, later->error, outbox::Failed{later->retry_after}};
  }
  if (const auto* refused = std::get_if<store::PushRefused>(&reply.outcome))
    return {PushStatus::failed, refused->error, outbox::Undeliverable{}};
  if (const auto* gone = std::get_if<store::PushUnregistered>(&reply.outcome)) {
    parts_.devices.forget_token(attempt.device.id, gone->token, [](const auto&) {});
    return {PushStatus::unregistered, gone->error, outbox::Delivered{}};
  }
  return {PushStatus::delivered, "", outbox::Delivered{}};
}

void PushTries::on_expired(const store::OutboxEntry& entry) {
  if (const auto key = key_in(entry)) end(*key, {.status = PushStatus::expired}, {}, [](const auto&) {});
}

void PushTries::end(const PushKey& key, Ending ending, std::optional<Duration> took, const Done& done) {
  store::PushEnd over{
      .id = key.id, .status = ending.status, .error = std::move(ending.error), .latency_ms = {}, .at = parts_.clock.wall()};
  if (took) over.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(*took).count();
  parts_.devices.end_try(std::move(over),
                         [this, done, key, status = ending.status, outcome = ending.outcome](const auto& changed) {
                           const bool ended = changed && *changed && status != PushStatus::pending;
                           if (ended) parts_.counters.ended(key.provider, status);
                           done(outcome);
                         });
}

}  // namespace belfry::push
