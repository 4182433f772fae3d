// Converts the text of a setting to a value, and back.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <type_traits>

#include "main/config/schema.hpp"

namespace belfry::config {
namespace {

using Result = Expected<void, std::string>;

Result fail(std::string why) { return unexpected(std::move(why)); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

struct Suffix {
  std::string_view text;
  std::int64_t factor;  // to milliseconds, or to bytes
};
constexpr std::array<Suffix, 4> kDurationSuffixes = {{{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};
constexpr std::array<Suffix, 4> kByteSuffixes = {{{"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}, {"B", 1}}};

/// A whole number with an optional suffix, in the base unit; nullopt if the text is neither.
template <std::size_t N>
std::optional<std::int64_t> amount(std::string_view text, const std::array<Suffix, N>& suffixes, std::int64_t bare_factor) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const std::string_view rest = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  std::int64_t factor = bare_factor;
  if (!rest.empty()) {
    const auto* found = std::find_if(suffixes.begin(), suffixes.end(), [rest](const Suffix& s) { return s.text == rest; });
    if (found == suffixes.end()) return std::nullopt;
    factor = found->factor;
  }
  if (number > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
  return number * factor;
}

std::string duration_text(std::int64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes != 0 && bytes % (1024 * 1024) == 0) return std::to_string(bytes / (1024 * 1024)) + "MiB";
  if (bytes != 0 && bytes % 1024 == 0) return std::to_string(bytes / 1024) + "KiB";
  return std::to_string(bytes);
}

/// A number far outside its range is usually in another unit (SPEC R-003-58): suggest that.
std::string unit_hint(const Setting& setting, std::int64_t ms, Unit unit) {
  if (unit == Unit::milliseconds && ms < setting.min && ms * 1000 >= setting.min && ms * 1000 <= setting.max)
    return "; the number is read as milliseconds here: did you mean " + std::to_string(ms) + "s, that is " +
           std::to_string(ms * 1000) + "?";
  if (unit == Unit::seconds && ms > setting.max && ms / 1000 >= setting.min && ms / 1000 <= setting.max)
    return "; the number is read as seconds here: did you mean " + std::to_string(ms / 1000) + " milliseconds, \"" +
           std::to_string(ms / 1000) + "ms\"?";
  return {};
}

Result assign_value(const Setting& setting, Duration& place, std::string_view text, Unit unit) {
  const auto ms = amount(text, kDurationSuffixes, unit == Unit::seconds ? 1000 : 1);
  if (!ms) return fail(quoted(text) + " is no time such as 30s or 1500ms");
  if (*ms < setting.min || *ms > setting.max)
    return fail(duration_text(*ms) + " is outside " + duration_text(setting.min) + " to " + duration_text(setting.max) +
                unit_hint(setting, *ms, unit));
  place = std::chrono::milliseconds(*ms);
  return {};
}

Result assign_value(const Setting& setting, std::optional<Duration>& place, std::string_view text, Unit unit) {
  return assign_value(setting, place.emplace(), text, unit);
}

Result assign_value(const Setting& setting, std::size_t& place, std::string_view text, Unit) {
  const auto number = setting.unit == Unit::bytes ? amount(text, kByteSuffixes, 1) : amount(text, std::array<Suffix, 0>{}, 1);
  if (!number)
    return fail(quoted(text) + (setting.unit == Unit::bytes ? " is no size such as 65536 or 4MiB" : " is no whole number"));
  if (*number < setting.min || *number > setting.max)
    return fail(std::to_string(*number) + " is outside " + std::to_string(setting.min) + " to " + std::to_string(setting.max));
  place = static_cast<std::size_t>(*number);
  return {};
}

Result assign_value(const Setting& setting, std::optional<std::size_t>& place, std::string_view text, Unit unit) {
  return assign_value(setting, place.emplace(), text, unit);
}

Result assign_value(const Setting&, bool& place, std::string_view text, Unit) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return place = true, Result{};
  if (text == "false" || text == "0" || text == "no" || text == "off") return place = false, Result{};
  return fail(quoted(text) + " is neither true nor false");
}

Result assign_value(const Setting&, std::string& place, std::string_view text, Unit) { return place = text, Result{}; }

Result assign_value(const Setting&, std::vector<std::string>& place, std::string_view text, Unit) {
  place.clear();
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const auto one = trimmed(text.substr(0, comma)); !one.empty()) place.emplace_back(one);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {};
}

Result assign_value(const Setting&, ListenAddress& place, std::string_view text, Unit) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(quoted(text) + " is no HOST:PORT such as 0.0.0.0:3000 or [::1]:3000");
  std::string_view host = text.substr(0, colon);  // empty: the default
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return fail("an IPv6 address needs brackets: [" + std::string(host) + "]:PORT");
  if (auto port = assign_port(place, text.substr(colon + 1)); !port) return port;
  place.host = host;
  return {};
}

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kAuthModes = {"open", "required"};

template <class Enum, std::size_t N>
Result assign_word(Enum& place, std::string_view text, const std::array<std::string_view, N>& words) {
  const auto* found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return place = static_cast<Enum>(found - words.begin()), Result{};
  std::string all;
  for (const std::string_view word : words) all.append(all.empty() ? "" : ", ").append(word);
  return fail(quoted(text) + " is none of " + all);
}

Result assign_value(const Setting&, LogLevel& place, std::string_view text, Unit) { return assign_word(place, text, kLevels); }
Result assign_value(const Setting&, std::optional<AuthMode>& place, std::string_view text, Unit) {
  return assign_word(place.emplace(), text, kAuthModes);
}

std::string text_of(const Setting&, bool value) { return value ? "true" : "false"; }
std::string text_of(const Setting& setting, std::size_t value) {
  return setting.unit == Unit::bytes ? bytes_text(static_cast<std::int64_t>(value)) : std::to_string(value);
}
std::string text_of(const Setting& setting, const std::optional<std::size_t>& value) {
  return value ? text_of(setting, *value) : std::string();
}
std::string text_of(const Setting&, Duration value) {
  return duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
}
std::string text_of(const Setting& setting, const std::optional<Duration>& value) {
  return value ? text_of(setting, *value) : std::string();
}
std::string text_of(const Setting&, const std::string& value) { return value; }
std::string text_of(const Setting&, const std::vector<std::string>& value) {
  std::string all;
  for (const std::string& one : value) all.append(all.empty() ? "" : ",").append(one);
  return all;
}
std::string text_of(const Setting&, const ListenAddress& value) {
  const bool bracketed = value.host.find(':') != std::string::npos;
  return (bracketed ? "[" + value.host + "]" : value.host) + ":" + std::to_string(value.port);
}
std::string text_of(const Setting&, LogLevel value) { return std::string(kLevels.at(static_cast<std::size_t>(value))); }
std::string text_of(const Setting&, const std::optional<AuthMode>& value) {
  return value ? std::string(kAuthModes.at(static_cast<std::size_t>(*value))) : std::string();
}

}  // namespace

Expected<void, std::string> assign_port(ListenAddress& listen, std::string_view text) {
  const auto port = amount(trimmed(text), std::array<Suffix, 0>{}, 1);
  if (!port || *port > 65535) return fail(quoted(text) + " is no port from 0 to 65535");
  listen.port = static_cast<std::uint16_t>(*port);
  return {};
}

Expected<void, std::string> assign(const Setting& setting, Config& config, std::string_view text, Unit unit) {
  return std::visit([&](auto* value) { return assign_value(setting, *value, trimmed(text), unit); }, setting.field(config));
}

std::string show(const Setting& setting, const Config& config) {
  Config copy = config;  // a copy, because field() returns mutable pointers
  return std::visit([&](auto* value) { return text_of(setting, *value); }, setting.field(copy));
}

}  // namespace belfry::config
