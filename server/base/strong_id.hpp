// StrongId<Tag, Rep>: an id that cannot be mistaken for another kind of id, nor logged by accident (it has no formatter
// and no operator<<; see logged_id.hpp).
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace belfry {

template <class Tag, class Rep>
class StrongId {
 public:
  using rep = Rep;
  StrongId() = default;
  explicit StrongId(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] const Rep& value() const { return value_; }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  friend bool operator==(const StrongId&, const StrongId&) = default;

 private:
  Rep value_{};
};

}  // namespace belfry

template <class Tag, class Rep>
struct std::hash<belfry::StrongId<Tag, Rep>> {
  std::size_t operator()(const belfry::StrongId<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value()); }
};
