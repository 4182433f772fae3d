#include "app/call_tokens/issued_tokens.hpp"

#include <algorithm>

namespace belfry::call_tokens {

void IssuedTokens::note(const account::UserId& user, const MediaChannel& channel, const IssuedToken& token, WallTime now) {
  const Key key{user, channel.id};
  stripe_of(key).with([&](Stripe& stripe) {
    stripe.tokens[key] = token;
    if (stripe.tokens.size() < stripe.sweep_above) return;
    boost::unordered::erase_if(stripe.tokens, [&](const auto& each) { return each.second.expires <= now; });
    stripe.sweep_above = std::max(kSweepAbove, stripe.tokens.size() * 2);
  });
}

std::optional<IssuedToken> IssuedTokens::newest(const account::UserId& user, const MediaChannel& channel, WallTime now) {
  const Key key{user, channel.id};
  return stripe_of(key).with([&](const Stripe& stripe) -> std::optional<IssuedToken> {
    const auto found = stripe.tokens.find(key);
    if (found == stripe.tokens.end() || found->second.expires <= now) return std::nullopt;
    return found->second;
  });
}

void IssuedTokens::forget_all() {
  for (auto& stripe : stripes_) stripe.with([](Stripe& each) { each.tokens.clear(); });
}

std::size_t IssuedTokens::size() {
  std::size_t size = 0;
  for (auto& stripe : stripes_) size += stripe.with([](const Stripe& each) { return each.tokens.size(); });
  return size;
}

}  // namespace belfry::call_tokens
