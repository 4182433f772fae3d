// The invariants of SPEC 2.6, asked of a world for tests: empty if they hold, else which is broken and how.
#pragma once

#include <cstddef>
#include <string>

#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {

/// How often this session was notified that this call is over.
std::size_t ends_received(const NoticeLog& notices, SessionAddress at, const CallId& call);
std::size_t ends_received(const Phone& phone, const CallId& call);

/// I-1 ... I-8 of SPEC 2.6, as far as rows, audit, slots, hosts and notices can show. Empty: they hold.
std::string broken_invariant(const World& world);

}  // namespace belfry::calls::testing
