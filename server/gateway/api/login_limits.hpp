// LoginLimits: how often one address may sign up and try to log in (SPEC C-02 `login`, R-004-67). Attempts on one account from
// many addresses are not limited: that is a firewall's job, and anybody could lock somebody else's account otherwise.
#pragma once

#include <string>

#include "app/limits/sliding_window.hpp"

namespace belfry::gateway {

/// Of one server, by client address.
struct LoginLimits {
  using Limiter = limits::SlidingWindow<std::string>;

  Limiter accounts;  // by address and account, whichever of its names was used
  // By address and name as it was written. It refuses nothing. Answers show its figures, because those of the account would
  // reveal which e-mail address belongs to which username.
  Limiter spellings;
  Limiter addresses;  // tries to log in to any account
  Limiter sign_ups;

  void forget_all() {
    for (auto* each : {&accounts, &spellings, &addresses, &sign_ups}) each->forget_all();
  }
};

}  // namespace belfry::gateway
