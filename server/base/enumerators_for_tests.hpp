// Every enumerator of an enum. A loop up to the one that was last when the test was written misses those that are added later.
// The compiler shows a template's argument by its name if it has one, and else as a cast; g++ and clang agree on that.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace belfry::testing {

template <auto kValue>
constexpr bool has_name() {
  constexpr std::string_view kShown = __PRETTY_FUNCTION__;  // "... kValue = belfry::http::Refusal::bad_chunk]", "... = (...)12]"
  return kShown[kShown.rfind("= ") + 2] != '(';
}

/// Those below 128, in the order of their values.
template <class Enum>
std::vector<Enum> enumerators() {
  std::vector<Enum> all;
  [&all]<std::size_t... kValues>(std::index_sequence<kValues...>) {
    ((has_name<static_cast<Enum>(kValues)>() ? all.push_back(static_cast<Enum>(kValues)) : void()), ...);
  }(std::make_index_sequence<128>{});
  return all;
}

}  // namespace belfry::testing
