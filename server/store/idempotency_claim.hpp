// IdempotencyClaim: the Idempotency-Key of a request, stored in the transaction of its effect (SPEC X-26). So a retry after a
// crash finds that the effect is there, and gets the same answer. Of requests that may simply run again only the answer is kept
// (AccountStore::keep_answer).
#pragma once

#include <string>

#include "domain/account/user.hpp"

namespace belfry::store {

struct GivenAnswer {
  int status = 0;  // of HTTP
  std::string body{};
  friend bool operator==(const GivenAnswer&, const GivenAnswer&) = default;
};

struct IdempotencyClaim {
  account::UserId owner{};
  std::string key{};
  std::string fingerprint{};  // of method, path and body
  GivenAnswer answer{};
};

}  // namespace belfry::store
