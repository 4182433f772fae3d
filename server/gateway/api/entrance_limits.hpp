// EntranceLimits: how often one address may sign up and try to log in (SPEC C-02 `login`, R-004-67). Any number of addresses for
// one account pass: that is for a firewall, and locking an account out would hand a weapon to whoever dislikes its owner.
#pragma once

#include <string>

#include "app/limits/sliding_window.hpp"

namespace belfry::gateway {

/// Of one server, by client address.
struct EntranceLimits {
  using Limiter = limits::SlidingWindow<std::string>;

  Limiter accounts;  // and account, whichever of its names was used
  // And the name as it was written. It refuses nothing: its figures are what an answer may tell, since those of the account would
  // tell which e-mail address is whose.
  Limiter spellings;
  Limiter addresses;  // tries to log in to any account
  Limiter sign_ups;

  void forget_all() {
    for (auto* each : {&accounts, &spellings, &addresses, &sign_ups}) each->forget_all();
  }
};

}  // namespace belfry::gateway
