#include "store/username_near.hpp"

#include "domain/account/user.hpp"

namespace belfry::store {

std::string username_near(std::string_view wanted, unsigned attempt) {
  if (attempt <= 1) return std::string(wanted);
  const std::string suffix = "-" + std::to_string(attempt);
  return std::string(wanted.substr(0, account::kMaxUsernameLength - suffix.size())) + suffix;
}

}  // namespace belfry::store
