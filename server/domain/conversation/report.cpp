#include "domain/conversation/report.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/check.hpp"

namespace belfry::conversation {
namespace {

constexpr std::size_t kMostNames = 3;

/// "Ann", "Ann and Bob", "Ann, Bob, Cid and 4 others"
std::string list_of(const std::vector<UserId>& users, const NameOf& name_of) {
  const std::size_t shown = users.size() > kMostNames + 1 ? kMostNames : users.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == users.size();
    if (i > 0) text += last ? " and " : ", ";
    text += name_of(users[i]);
  }
  if (shown < users.size()) text.append(" and ").append(std::to_string(users.size() - shown)).append(" others");
  return text;
}

std::string_view news_of(Role role) {
  switch (role) {
    case Role::owner:
      return " is the owner now";
    case Role::admin:
      return " is an admin now";
    case Role::member:
      return " is no longer an admin";
  }
  CHECK(false, "a role without its line");
}

/// The former owner is not named: there is a new one.
bool is_news(const Conversation& before, const Member& now) {
  const Member* const was = find_member(before, now.user);
  return was != nullptr && was->role != now.role && was->role != Role::owner;
}

}  // namespace

std::string report(const Conversation& before, const Step& step, const UserId& actor, const NameOf& name_of) {
  std::string text;
  if (step.fate == Fate::ends || step.concerns_only) return text;
  const auto add = [&](const std::string& sentence) { text.append(text.empty() ? "" : ". ").append(sentence); };
  const auto actor_did = [&](const std::string& what) { add(name_of(actor) + what); };
  std::vector<UserId> joined;
  for (const Member& each : step.joined) joined.push_back(each.user);
  if (!joined.empty()) actor_did(" added " + list_of(joined, name_of));
  for (const UserId& user : step.left)
    if (user == actor)
      actor_did(" left");
    else
      actor_did(" removed " + name_of(user));
  for (const Member& each : step.changed)
    if (is_news(before, each)) add(name_of(each.user) + std::string(news_of(each.role)));
  if (step.next.title != before.title)
    actor_did(step.next.title.empty() ? " removed the name" : " named the group \"" + step.next.title + "\"");
  if (step.next.avatar != before.avatar) actor_did(step.next.avatar.empty() ? " removed the picture" : " changed the picture");
  return text;
}

}  // namespace belfry::conversation
