// Expected<T, E>: a value, or the typed reason why there is none. Use it for what a peer or a user may do wrong; use
// std::optional for what may be absent, CHECK for what cannot happen. It is our own [[nodiscard]] class because g++ 12
// does not warn when a bare tl::expected is dropped (docs/style.md, "Errors"). Names follow std::expected.
#pragma once

#include <utility>

#include <tl/expected.hpp>

namespace belfry {

template <class T, class E>
class [[nodiscard]] Expected : public tl::expected<T, E> {
 public:
  using tl::expected<T, E>::expected;
};

template <class E>
[[nodiscard]] auto unexpected(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace belfry
