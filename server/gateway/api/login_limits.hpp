// LoginLimits: how often one address may sign up and try to log in (SPEC C-02 `login`, R-004-67). Attempts on one account from
// many addresses are not limited: a firewall must do that, because such a limit would let anybody lock another user's account.
#pragma once

#include <string>

#include "app/limits/sliding_window.hpp"

namespace belfry::gateway {

/// Of one server, per client address.
struct LoginLimits {
  using Limiter = limits::SlidingWindow<std::string>;

  Limiter accounts;  // per address and account, by either of the account's names
  // Per address and name as typed. It refuses nothing. Answers show its numbers, because those of `accounts` would reveal which
  // e-mail address belongs to which username.
  Limiter spellings;
  Limiter addresses;  // attempts at any account
  Limiter sign_ups;

  void forget_all() {
    for (auto* each : {&accounts, &spellings, &addresses, &sign_ups}) each->forget_all();
  }
};

}  // namespace belfry::gateway
