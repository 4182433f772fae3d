// Values that clients write: times, quality samples, lists of recipients, SDP, payloads of socket events, session ids, addresses,
// pictures, ranges and names of files. Each is accepted or refused; an accepted one is within its limits. The first byte chooses
// the parser; the rest is JSON, one of the values that are no JSON, or a description as a database holds it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "app/calls/policy.hpp"
#include "app/files/data_url.hpp"
#include "domain/call/description.hpp"
#include "domain/file/file.hpp"
#include "gateway/api/file_answer.hpp"
#include "gateway/api/profile_fields.hpp"
#include "gateway/dialects/media_tokens.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/quality_samples.hpp"
#include "gateway/native/payload.hpp"
#include "gateway/native/web_payload.hpp"
#include "gateway/signaling/payload.hpp"
#include "gateway/token/requests.hpp"
#include "protocol/session_id.hpp"
#include "wire/base64/base64.hpp"
#include "wire/http/range.hpp"

using namespace belfry;
using namespace belfry::gateway;

namespace {

constexpr WallTime kNow{1'700'000'000'000};

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_time(std::string_view text) {
  const auto time = parse_iso(text);
  if (time) expect(parse_iso(iso_text(*time)) == time);
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

void check_session_id(std::string_view text) {
  if (const auto key = protocol::parse_session_id(text)) expect(protocol::to_text(*key) == text);
}

void check_email(std::string_view text) {
  if (!is_email(text)) return;
  expect(std::count(text.begin(), text.end(), '@') == 1 && text.front() != '@' && text.back() != '@');
  expect(text.find_first_of(" \t\r\n<>") == std::string_view::npos);
}

/// What is stored as a picture is served as that picture and as nothing else; a path is one that a browser reads as it stands.
void check_picture(std::string_view text) {
  if (text.starts_with('/') && is_image(text))
    for (const std::string_view other : {"//", "/.", "\\", "%", "?", "\t", "\n"})
      expect(text.find(other) == std::string_view::npos);
  const auto image = files::read_data_url(text);
  if (!image) return;
  expect(text.starts_with("data:" + image->type + ";base64," + base64::encode(image->bytes, base64::Form::unpadded)));
  if (is_image(text)) expect(image->type == "image/png" || image->type == "image/jpeg" || image->type == "image/webp");
}

/// A part lies within the file.
void check_range(std::string_view header) {
  constexpr std::size_t kSize = 1'000;
  const http::Range range = http::range_of(header, kSize);
  if (range.kind == http::Range::Kind::part) expect(range.from < kSize && range.size > 0 && range.size <= kSize - range.from);
}

/// The name of a file stays within its header, and within its quotes.
void check_file_name(std::string_view name) {
  const std::string header = disposition("attachment", file::clean_name(name));
  expect(std::all_of(header.begin(), header.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
  expect(std::count(header.begin(), header.end(), '"') == 2);
}

/// The values that are no JSON. False: none of them is asked for.
bool check_text(std::uint8_t reader, std::string_view text) {
  switch (reader) {
    case 't':
      check_time(text);
      return true;
    case 'd':
      check_stored(text);
      return true;
    case 'i':
      check_session_id(text);
      return true;
    case 'e':
      check_email(text);
      return true;
    case 'p':
      check_picture(text);
      return true;
    case 'g':
      check_range(text);
      return true;
    case 'f':
      check_file_name(text);
      return true;
    default:
      return false;
  }
}

void check_signaling(const protocol::IncomingEvent& event) {
  if (const auto user = read_user(event)) expect(!user->name.empty() && user->name.size() <= account::kMaxUsernameLength);
  if (const auto sent = read_call_payload(event, "offer", BodyKind::description)) {
    expect(!sent->to.empty() && sent->body.size() <= kMaxDescription && sent->candidates.size() <= kMaxCandidatesSize);
    static_cast<void>(media_of(sent->body));
    check_description(sent->body, sent->candidates);
  }
  if (const auto sent = read_call_payload(event, "candidate", BodyKind::candidate)) expect(sent->body.size() <= kMaxCandidate);
}

void check_native(const protocol::IncomingEvent& event) {
  if (const auto start = native::read_start(event)) expect(start->offer.text().size() <= kMaxDescription);
  if (const auto signal = native::read_signal(event)) expect(signal->payload.size() <= max_payload_of(signal->kind));
  if (const auto accept = native::read_accept(event)) expect(accept->answer.size() <= kMaxDescription);
  if (const auto quality = native::read_quality(event, kNow)) expect(quality->samples.size() <= kMaxSamples);
  static_cast<void>(native::read_call(event));
  static_cast<void>(native::read_sync(event));
  static_cast<void>(native::read_media(event));
  static_cast<void>(native::read_resume(event));
}

void check_token(const protocol::IncomingEvent& event) {
  if (const auto start = token::read_start(event)) {
    expect(start->call.place.has_value());
    expect(start->media_token.size() <= gateway::kMaxMediaToken && start->call.metadata.size() <= kMaxMetadata);
    const auto seconds = start->call.ring_seconds;
    expect(!seconds || (*seconds >= calls::kMinRingSeconds && *seconds <= calls::kMaxRingSeconds));
  }
  if (const auto target = token::read_target(event)) expect(target->call.has_value() != target->conversation.has_value());
  static_cast<void>(token::read_renewal(event));
}

/// A description that was sent as a string becomes an object, which is a few bytes longer.
void check_web(const protocol::IncomingEvent& event) {
  json::Reader reader;
  for (const auto kind : {calls::SignalKind::offer, calls::SignalKind::answer, calls::SignalKind::candidate}) {
    const auto signal = native::read_web_signal(event, kind);
    if (!signal) continue;
    expect(signal->target.user || signal->target.call);
    expect(signal->payload.size() <= max_payload_of(kind) + 64);
    expect(reader.validate(signal->payload).has_value());
  }
  if (const auto target = native::read_web_target(event)) expect(target->user || target->call);
}

void check_value(std::uint8_t reader, json::Slice value) {
  const std::array<json::Slice, 1> arguments = {value};
  const protocol::IncomingEvent event{.name = "event", .arguments = arguments, .ack_id = 1, .attachments = {}};
  switch (reader) {
    case 'q':
      if (value.kind == json::Kind::array) check_samples(value);
      break;
    case 'r':
      static_cast<void>(recipients(value));
      break;
    case 's':
      check_signaling(event);
      break;
    case 'w':
      check_web(event);
      break;
    case 'k':
      check_token(event);
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
  if (check_text(data[0], text)) return 0;
  static json::Reader reader;
  if (const auto value = reader.validate(text)) check_value(data[0], *value);
  return 0;
}
