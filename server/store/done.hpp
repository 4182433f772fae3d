// What every port of this folder answers with.
#pragma once

#include <functional>

#include "base/expected.hpp"

namespace belfry::store {

template <class Result>
using Done = std::function<void(Result)>;

/// The store cannot be reached, is full or locked. Nothing happened; the same may be tried again.
struct Unavailable {
  friend bool operator==(const Unavailable&, const Unavailable&) = default;
};

}  // namespace belfry::store
