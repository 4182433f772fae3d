// Values that clients write: times, quality samples, lists of recipients, SDP, payloads of socket events. Each is accepted or
// refused; an accepted one is within its limits. The first byte chooses the parser; the rest is JSON, the text of a time, or a
// description as a database holds it.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "domain/call/description.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/quality_samples.hpp"
#include "gateway/native/payload.hpp"
#include "gateway/signaling/payload.hpp"

using namespace belfry;
using namespace belfry::gateway;

namespace {

constexpr WallTime kNow{1'700'000'000'000};
constexpr WallTime kYear10000{253'402'300'800'000};

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_time(std::string_view text) {
  const auto time = parse_iso(text);
  if (time && *time >= WallTime{0} && *time < kYear10000) expect(parse_iso(iso_text(*time)) == time);
}

void check_samples(json::Slice list) {
  const auto samples = read_samples(list, kNow);
  if (!samples) return;
  expect(samples->size() <= kMaxSamples);
  for (const auto& sample : *samples) expect(sample.direction.size() <= 16 && sample.resolution.size() <= 32);
}

/// What a page sent is what comes out of the store, and what other dialects are shown is JSON.
void check_description(std::string_view body, std::string_view candidates) {
  static json::Reader shown;
  const auto sent = call::Description::with_candidates(body, candidates);
  const auto kept = call::Description::of_stored(sent.stored());
  expect(kept == sent && kept.text() == body && kept.candidates() == candidates);
  const auto each = candidates_of(kept);
  expect(each.size() <= kMaxCandidates);
  for (const std::string_view candidate : each) expect(shown.validate(candidate).has_value());
  if (const auto sdp = sdp_of(body)) expect(shown.validate(*sdp).has_value());
  std::string text;
  json::Writer json(text);
  json.open_object();
  append_description(json, "offer", kept);
  json.close_object();
  expect(shown.validate(text).has_value());
}

/// A database may hold anything.
void check_stored(std::string_view text) {
  const auto read = call::Description::of_stored(text);
  expect(read.stored() == text && read.text().size() + read.candidates().size() <= text.size());
}

void check_signaling(const session::IncomingEvent& event) {
  if (const auto user = read_user(event)) expect(!user->name.empty() && user->name.size() <= account::kMaxUsernameLength);
  if (const auto sent = read_call_payload(event, "offer", BodyKind::description)) {
    expect(!sent->to.empty() && sent->body.size() <= kMaxDescription && sent->candidates.size() <= kMaxCandidatesSize);
    static_cast<void>(media_of(sent->body));
    check_description(sent->body, sent->candidates);
  }
  if (const auto sent = read_call_payload(event, "candidate", BodyKind::candidate)) expect(sent->body.size() <= kMaxCandidate);
}

void check_native(const session::IncomingEvent& event) {
  if (const auto start = native::read_start(event)) expect(start->offer.text().size() <= kMaxDescription);
  if (const auto signal = native::read_signal(event)) expect(signal->payload.size() <= max_payload_of(signal->kind));
  if (const auto accept = native::read_accept(event)) expect(accept->answer.size() <= kMaxDescription);
  if (const auto quality = native::read_quality(event, kNow)) expect(quality->samples.size() <= kMaxSamples);
  static_cast<void>(native::read_call(event));
  static_cast<void>(native::read_sync(event));
  static_cast<void>(native::read_media(event));
  static_cast<void>(native::read_resume(event));
}

void check_value(std::uint8_t reader, json::Slice value) {
  const std::array<json::Slice, 1> arguments = {value};
  const session::IncomingEvent event{.name = "event", .arguments = arguments, .ack_id = 1, .attachments = {}};
  switch (reader) {
    case 'q':
      if (value.kind == json::Kind::array) check_samples(value);
      break;
    case 'r':
      static_cast<void>(only_recipient(value));
      break;
    case 's':
      check_signaling(event);
      break;
    case 'v':
      static_cast<void>(media_of(value.raw));
      break;
    default:
      check_native(event);
      static_cast<void>(native::resume_in(value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 't') {
    check_time(text);
    return 0;
  }
  if (data[0] == 'd') {
    check_stored(text);
    return 0;
  }
  static json::Reader reader;
  if (const auto value = reader.validate(text)) check_value(data[0], *value);
  return 0;
}
