// The callback and the error that all ports of this folder share.
#pragma once

#include <functional>

#include "base/expected.hpp"

namespace belfry::store {

template <class Result>
using Done = std::function<void(Result)>;

/// The store cannot be reached, is full or locked. Nothing happened; the caller may try again.
struct Unavailable {
  friend bool operator==(const Unavailable&, const Unavailable&) = default;
};

}  // namespace belfry::store
