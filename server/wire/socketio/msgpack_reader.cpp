#include "wire/socketio/msgpack_reader.hpp"

#include <simdjson.h>

#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "wire/socketio/msgpack_format.hpp"

namespace belfry::socketio {
namespace {

using namespace msgpack;

bool is_fix_map(std::uint8_t marker) { return (marker & ~kFixMapBits) == kFixMap; }
bool is_fix_array(std::uint8_t marker) { return (marker & ~kFixArrayBits) == kFixArray; }
bool is_fix_str(std::uint8_t marker) { return (marker & ~kFixStrBits) == kFixStr; }

/// How many bytes the size or the number behind `marker` has, whose smallest format is `smallest`: 1, 2, 4 or 8.
std::size_t width_of(std::uint8_t marker, std::uint8_t smallest) { return std::size_t{1} << (marker - smallest); }

// notepack.io, which socket.io-msgpack-parser stands on, writes undefined as ext type 0 with one zero byte (fixext 1).
constexpr std::string_view kUndefined("\xD4\x00\x00", 3);

void append_double(std::string& json, double value) {
  if (!std::isfinite(value)) {
    json += "null";  // as JSON.stringify has it
    return;
  }
  char text[32];
  json.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_padded(std::string& json, unsigned value, std::size_t width, char behind) {
  const std::string digits = std::to_string(value);
  json.append(width - digits.size(), '0').append(digits).push_back(behind);
}

/// Date.prototype.toISOString of a day between the years 0 and 9999; what lies beyond becomes null, as an invalid date does.
void append_iso_date(std::string& json, std::chrono::milliseconds since_epoch) {
  using std::chrono::days, std::chrono::floor;
  constexpr std::chrono::milliseconds kYear0{-62'167'219'200'000}, kYear10000{253'402'300'800'000};
  if (since_epoch < kYear0 || since_epoch >= kYear10000) {
    json += "null";
    return;
  }
  const auto midnight = floor<days>(std::chrono::sys_time<std::chrono::milliseconds>(since_epoch));
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(since_epoch - midnight.time_since_epoch());
  json += '"';
  append_padded(json, static_cast<unsigned>(static_cast<int>(date.year())), 4, '-');
  append_padded(json, static_cast<unsigned>(date.month()), 2, '-');
  append_padded(json, static_cast<unsigned>(date.day()), 2, 'T');
  append_padded(json, static_cast<unsigned>(time.hours().count()), 2, ':');
  append_padded(json, static_cast<unsigned>(time.minutes().count()), 2, ':');
  append_padded(json, static_cast<unsigned>(time.seconds().count()), 2, '.');
  append_padded(json, static_cast<unsigned>(time.subseconds().count()), 3, 'Z');
  json += '"';
}

}  // namespace

std::optional<std::string_view> MsgpackReader::take(std::size_t bytes) {
  if (bytes > rest_.size()) return std::nullopt;
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::optional<std::uint8_t> MsgpackReader::byte() {
  const auto taken = take(1);
  return taken ? std::optional(static_cast<std::uint8_t>(taken->front())) : std::nullopt;
}

std::optional<std::uint64_t> MsgpackReader::big_endian(std::size_t bytes) {
  const auto taken = take(bytes);
  if (!taken) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : *taken) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::optional<std::size_t> MsgpackReader::map_size() {
  const auto marker = byte();
  if (!marker) return std::nullopt;
  if (is_fix_map(*marker)) return *marker & kFixMapBits;
  if (*marker == kMap16) return big_endian(2);
  return std::nullopt;
}

std::optional<std::string_view> MsgpackReader::string() {
  const auto marker = byte();
  if (!marker) return std::nullopt;
  std::optional<std::uint64_t> size;
  if (is_fix_str(*marker)) size = *marker & kFixStrBits;
  if (*marker >= kStr8 && *marker <= kStr32) size = big_endian(width_of(*marker, kStr8));
  const auto text = size ? take(*size) : std::nullopt;
  if (!text || simdjson::validate_utf8(text->data(), text->size())) return text;
  error_ = DecodeError::bad_text;
  return std::nullopt;
}

std::optional<std::uint64_t> MsgpackReader::unsigned_integer() {
  const auto marker = byte();
  if (!marker) return std::nullopt;
  if (*marker < kPositiveFixIntEnd) return *marker;
  if (*marker >= kUint8 && *marker <= kUint64) return big_endian(width_of(*marker, kUint8));
  return std::nullopt;
}

bool MsgpackReader::refuse(DecodeError error) {
  error_ = error;
  return false;
}

bool MsgpackReader::skip_undefined() {
  if (!rest_.starts_with(kUndefined)) return false;
  rest_.remove_prefix(kUndefined.size());
  return true;
}

bool MsgpackReader::skip_value() {
  const std::size_t kept = attachments_.size();
  std::string ignored;
  const bool is_value = value_as_json(ignored);
  attachments_.resize(kept);
  return is_value;
}

bool MsgpackReader::value_as_json(std::string& json, std::size_t depth) {
  if (depth > json::kMaxDepth) return refuse(DecodeError::too_deep);
  if (skip_undefined()) {
    json += "null";  // as JSON.stringify has it in an array
    return true;
  }
  if (rest_.empty()) return false;
  const auto marker = static_cast<std::uint8_t>(rest_.front());
  if (is_fix_str(marker) || (marker >= kStr8 && marker <= kStr32)) return string_as_json(json, string());
  rest_.remove_prefix(1);
  if (is_fix_array(marker)) return array_as_json(json, marker & kFixArrayBits, depth);
  if (is_fix_map(marker)) return map_as_json(json, marker & kFixMapBits, depth);
  switch (marker) {
    case kNil:
      json += "null";
      return true;
    case kFalse:
      json += "false";
      return true;
    case kTrue:
      json += "true";
      return true;
    case kFixExt8:
      return date_as_json(json);
    default:
      return sized_as_json(json, marker, depth);
  }
}

bool MsgpackReader::sized_as_json(std::string& json, std::uint8_t marker, std::size_t depth) {
  if (marker >= kBin8 && marker <= kBin32) {
    const auto size = big_endian(width_of(marker, kBin8));
    return size && binary_as_json(json, *size);
  }
  if (marker == kArray16 || marker == kArray32) {
    const auto size = big_endian(marker == kArray16 ? 2 : 4);
    return size && array_as_json(json, *size, depth);
  }
  if (marker == kMap16 || marker == kMap32) {
    const auto size = big_endian(marker == kMap16 ? 2 : 4);
    return size && map_as_json(json, *size, depth);
  }
  return number_as_json(json, marker);
}

bool MsgpackReader::number_as_json(std::string& json, std::uint8_t marker) {
  if (marker < kPositiveFixIntEnd || marker >= kNegativeFixInt) {  // fixint: the marker is the value
    json += std::to_string(static_cast<std::int8_t>(marker));
    return true;
  }
  std::optional<std::uint64_t> bits;
  if (marker == kFloat32 || marker == kFloat64) {
    bits = big_endian(marker == kFloat32 ? 4 : 8);
    if (bits)
      append_double(json,
                    marker == kFloat32 ? std::bit_cast<float>(static_cast<std::uint32_t>(*bits)) : std::bit_cast<double>(*bits));
  } else if (marker >= kUint8 && marker <= kUint64) {
    bits = big_endian(width_of(marker, kUint8));
    if (bits) json += std::to_string(*bits);
  } else if (marker >= kInt8 && marker <= kInt64) {
    const std::size_t bytes = width_of(marker, kInt8);
    bits = big_endian(bytes);
    const std::size_t unused = 64 - 8 * bytes;
    if (bits) json += std::to_string(static_cast<std::int64_t>(*bits << unused) >> unused);
  }
  return bits.has_value();
}

/// notepack.io writes a Date as ext type 0 of 8 bytes, milliseconds; JSON.stringify writes it as text.
bool MsgpackReader::date_as_json(std::string& json) {
  const auto type = byte();
  const auto milliseconds = big_endian(8);
  if (type != 0 || !milliseconds) return false;
  append_iso_date(json, std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds)));
  return true;
}

bool MsgpackReader::string_as_json(std::string& json, std::optional<std::string_view> text) {
  if (!text) return false;
  json::append_quoted(json, *text);
  return true;
}

bool MsgpackReader::array_as_json(std::string& json, std::size_t size, std::size_t depth) {
  json += '[';
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) json += ',';
    if (!value_as_json(json, depth + 1)) return false;
  }
  json += ']';
  return true;
}

bool MsgpackReader::map_as_json(std::string& json, std::size_t size, std::size_t depth) {
  json += '{';
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) json += ',';
    const auto key = string();
    // A map that poses as a placeholder would be written again as a copy of an attachment, as often as it stands here:
    // 20 bytes in, a megabyte out.
    if (key == "_placeholder") return refuse(DecodeError::data_not_fitting_type);
    if (!string_as_json(json, key)) return false;
    json += ':';
    if (!value_as_json(json, depth + 1)) return false;
  }
  json += '}';
  return true;
}

bool MsgpackReader::binary_as_json(std::string& json, std::size_t size) {
  const auto bytes = take(size);
  if (!bytes) return false;
  if (attachments_.size() == max_attachments_) return refuse(DecodeError::too_many_attachments);
  json += R"({"_placeholder":true,"num":)" + std::to_string(attachments_.size()) + "}";
  attachments_.emplace_back(*bytes);
  return true;
}

}  // namespace belfry::socketio
