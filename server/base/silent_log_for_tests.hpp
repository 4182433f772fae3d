// For tests to which neither the log nor chance matters: a log that writes nothing, and a Random that gives zeros.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/log.hpp"
#include "base/random.hpp"

namespace belfry {

class SilentLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class ZeroRandom final : public Random {
 public:
  void fill(MutableBytes out) override { std::fill(out.begin(), out.end(), std::byte{}); }
};

}  // namespace belfry
