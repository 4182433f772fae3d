// One POST to Twilio's Tokens resource. Only http and https, and no redirects: they would take the operator's password to another
// address. Blocks; do not call it on a shard's thread.
#pragma once

#include <atomic>
#include <string>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace belfry::twilio {

struct Account {
  std::string sid{}, auth_token{};
  std::string api_base{};  // https://api.twilio.com
};

/// For the log; contains neither the account nor the answer.
struct PostFault {
  const char* reason;
  long status = 0;  // HTTP, when there was an answer
};

/// The answer's body. Ends soon after `give_up` becomes true.
[[nodiscard]] Expected<std::string, PostFault> post_for_token(const Account& account, Duration life, Duration time_to_wait,
                                                              const std::atomic<bool>& give_up);

}  // namespace belfry::twilio
