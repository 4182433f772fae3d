#include "adapters/redis/rings.hpp"

#include <algorithm>

namespace belfry::redis {
namespace {

bool holds(const std::vector<std::string>& documents, const std::string& document) {
  return std::find(documents.begin(), documents.end(), document) != documents.end();
}

}  // namespace

bool Rings::began(const ConversationId& conversation, std::string document, TimePoint expires) {
  return rings_.with([&](Table& rings) {
    Ring& ring = rings[conversation];
    if (ring.document == document) return false;
    ring.document = std::move(document);
    ring.expires = expires;
    return true;
  });
}

bool Rings::ended(const ConversationId& conversation, const std::string& document, TimePoint expires) {
  return rings_.with([&](Table& rings) {
    Ring& ring = rings[conversation];
    if (!ring.document.empty() && ring.document != document) return false;
    ring.document.clear();
    if (!holds(ring.over, document)) ring.over.push_back(document);
    ring.expires = std::max(ring.expires, expires);
    return true;
  });
}

std::optional<Ring> Rings::in(const ConversationId& conversation) {
  return rings_.with([&](const Table& rings) {
    const auto found = rings.find(conversation);
    return found == rings.end() ? std::nullopt : std::optional(found->second);
  });
}

std::vector<std::pair<ConversationId, Ring>> Rings::all() {
  return rings_.with([](const Table& rings) { return std::vector<std::pair<ConversationId, Ring>>(rings.begin(), rings.end()); });
}

void Rings::written(const ConversationId& conversation, const Ring& ring) {
  rings_.with([&](Table& rings) {
    const auto found = rings.find(conversation);
    if (found == rings.end()) return;
    std::erase_if(found->second.over, [&](const std::string& each) { return holds(ring.over, each); });
    if (found->second.document.empty() && found->second.over.empty()) rings.erase(found);
  });
}

void Rings::forget_expired(TimePoint now) {
  rings_.with(
      [now](Table& rings) { boost::unordered::erase_if(rings, [now](const auto& each) { return each.second.expires <= now; }); });
}

}  // namespace belfry::redis
