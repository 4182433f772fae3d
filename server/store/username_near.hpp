// The names that a new user is given if the wanted one is taken, the same in every adapter.
#pragma once

#include <string>
#include <string_view>

namespace belfry::store {

/// The n-th candidate for a name: the wanted name, then "name-2", "name-3"..., cut to a valid length.
[[nodiscard]] std::string username_near(std::string_view wanted, unsigned attempt);

}  // namespace belfry::store
