#include "store/username_near.hpp"

#include "domain/account/user.hpp"

namespace belfry::store {

std::string username_near(std::string_view wished, unsigned attempt) {
  if (attempt <= 1) return std::string(wished);
  const std::string suffix = "-" + std::to_string(attempt);
  return std::string(wished.substr(0, account::kMaxUsernameLength - suffix.size())) + suffix;
}

}  // namespace belfry::store
