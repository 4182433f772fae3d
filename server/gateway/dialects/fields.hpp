// Fields: reads the members of one event's payload one by one, and collects their faults in issues().
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/uuid.hpp"
#include "gateway/json/errors.hpp"
#include "protocol/socket_handler.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

/// error.details: `issue` is required, invalid, out_of_range, too_large, too_many, not_supported, malformed or binary.
using Issues = std::vector<Detail>;
/// What was read of one event, or all its faults.
template <class Request>
using Read = Expected<Request, Issues>;

class Fields {
 public:
  enum class Need : std::uint8_t { required, optional };

  /// Looks up `keys` in one pass. `need`: whether the event must have a payload.
  Fields(const protocol::IncomingEvent& event, std::initializer_list<std::string_view> keys, Need need = Need::required);
  Fields(json::Slice object, std::initializer_list<std::string_view> keys);

  [[nodiscard]] std::optional<Uuid> id(std::string_view key, Need need);
  [[nodiscard]] std::optional<std::string> text(std::string_view key, Need need, std::size_t max = 256);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Need need, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::optional<double> number(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key);  // false if absent
  /// Reports a fault if the member is present and not a boolean; the value is not used.
  void check_flag(std::string_view key);
  /// Any JSON value of at most `max` bytes, as written; empty if absent or null.
  [[nodiscard]] std::string_view raw(std::string_view key, Need need, std::size_t max);
  /// The same for one kind of value only.
  [[nodiscard]] std::string_view raw(std::string_view key, Need need, std::size_t max, json::Kind kind);
  [[nodiscard]] std::optional<json::Slice> find(std::string_view key) const;  // nullopt also if null
  [[nodiscard]] bool is_null(std::string_view key) const;                     // false if absent

  void blame(std::string_view field, std::string_view issue) { issues_.push_back({std::string(field), std::string(issue)}); }
  [[nodiscard]] bool good() const { return issues_.empty(); }
  [[nodiscard]] auto issues() const { return unexpected(Issues(issues_)); }

 private:
  void look_up(json::Slice object);
  [[nodiscard]] std::optional<json::Slice> take(std::string_view key, Need need);

  std::vector<std::string_view> keys_;
  std::vector<std::optional<json::Slice>> found_;
  Issues issues_;
};

}  // namespace belfry::gateway
