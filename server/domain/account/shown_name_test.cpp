#include "domain/account/shown_name.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace belfry::account {
namespace {

std::optional<NameFault> fault(std::string_view name) {
  const auto checked = check_shown_name(name);
  return checked ? std::nullopt : std::optional(checked.error());
}

TEST(ShownName, MayBeAnythingThatCanBeSeen) {
  for (const char* name :
       {"Ann", ".", "  Ann  ", "<b>", "Élodie", "\u200f\u05d1\u05df", "👩\u200d🚀", "\u200bx", "中", "🏴\U000E0067"})
    EXPECT_EQ(fault(name), std::nullopt) << name;
}

TEST(ShownName, OfWhichNothingCanBeSeenIsNone) {
  for (const char* name :
       {"", " ", "\u00a0\u2003", "\u200b", "\ufeff", "\u2060", "\u00ad", "\u180e", "\u3164", "\u2800", "\u034f", "\u115f\u1160",
        "\uffa0", "\ufe0f", "\ufffb", "\u200e\u200f", "\U0001d173", "\U000e0041", "\u200d \u200c"})
    EXPECT_EQ(fault(name), NameFault::unseen) << name;
}

TEST(ShownName, HasNoControlsAndNothingThatTurnsText) {
  for (const char* name :
       {"a\tb", "a\nb", "a\x7f", "a\u0085", "a\u009f", "a\u2028b", "\u202enna", "nna\u202a", "\u2066a\u2069", "\u202e"})
    EXPECT_EQ(fault(name), NameFault::malformed) << name;
  EXPECT_EQ(fault(std::string_view("a\0b", 3)), NameFault::malformed);
  EXPECT_EQ(fault("a\xff"), NameFault::malformed);
}

}  // namespace
}  // namespace belfry::account
