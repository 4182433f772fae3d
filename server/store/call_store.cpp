#include "store/call_store.hpp"

namespace belfry::store {

GivenAnswer answer_in(const Transition& transition, const std::optional<ConversationId>& place) {
  GivenAnswer answer = transition.claim ? transition.claim->answer : GivenAnswer{};
  if (!transition.pair || !place || place == transition.pair) return answer;
  const std::string named = to_text(transition.pair->value()), real = to_text(place->value());
  for (std::size_t at = 0; (at = answer.body.find(named, at)) != std::string::npos; at += real.size())
    answer.body.replace(at, named.size(), real);
  return answer;
}

}  // namespace belfry::store
