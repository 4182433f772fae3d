// Shard::guarded, for the sources of Shard: a Handler's exception costs one connection or task, never the shard.
#pragma once

#include <exception>
#include <typeinfo>
#include <utility>

#include "net/shard.hpp"

namespace belfry::net {

template <class Call>
bool Shard::guarded(const char* where, Call&& call) {
  try {
    std::forward<Call>(call)();
    return true;
  } catch (const std::exception& exception) {
    report_exception(where, typeid(exception).name());  // what() may quote a peer's bytes
  } catch (...) {
    report_exception(where, "unknown");
  }
  return false;
}

}  // namespace belfry::net
