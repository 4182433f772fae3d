// Reads calls with their people by one statement, hence one snapshot, which returns a row per leg. Each row repeats the columns
// of the call after those of the leg; they are read once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/sql/call_columns.hpp"

namespace belfry::sql {

/// By (createdAt, id).
enum class Order : std::uint8_t { oldest_first, newest_first };

/// `which` must select whole rows of `calls`.
[[nodiscard]] std::string select_stored_calls(std::string_view which, Order order = Order::oldest_first);

/// Collects the rows of that statement into calls.
class StoredCalls {
 public:
  template <class In>
  void take(In& in) {
    const call::CallId id(in.uuid());
    const account::UserId user(in.maybe_uuid().value_or(Uuid{}));
    store::Leg leg{.user = user};
    const StoredLeg read = take_leg(in, leg);
    auto person = take_person(in, user);
    if (calls_.empty() || calls_.back().row.id != id) {
      calls_.emplace_back().row.id = id;
      take_call(in, calls_.back().row);
    }
    if (user == account::UserId{}) return;
    auto& call = calls_.back();
    if (read == StoredLeg::unknown_word) call.row.unknown_word = true;
    call.row.legs.push_back(read == StoredLeg::well ? std::move(leg) : bare_leg(call.row, user));
    call.people.push_back(std::move(person));
  }
  [[nodiscard]] std::vector<store::StoredCall> all() &&;

 private:
  std::vector<store::StoredCall> calls_;
};

}  // namespace belfry::sql
