// SentMedia: what a participant sends, as their client says (SPEC S5). No decision depends on it.
#pragma once

namespace belfry::call {

struct SentMedia {
  bool audio = false, video = false, screen = false;
  friend bool operator==(const SentMedia&, const SentMedia&) = default;
};

}  // namespace belfry::call
