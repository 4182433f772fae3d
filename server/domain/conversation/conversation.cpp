#include "domain/conversation/conversation.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace belfry::conversation {
namespace {

template <class Enum, std::size_t kCount>
std::optional<Enum> value_of(const std::array<Enum, kCount>& values, std::string_view text) {
  const auto* const found = std::find_if(values.begin(), values.end(), [&](Enum each) { return to_text(each) == text; });
  return found == values.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

const Member* find_member(const Conversation& conversation, const UserId& user) {
  const auto& members = conversation.members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.user == user; });
  return found == members.end() ? nullptr : &*found;
}

Conversation begin(const NewConversation& request) {
  const bool direct = request.kind == Kind::direct;
  CHECK(may_hold(request.kind, request.others.size()), "how many are named is checked before");
  Conversation made{.id = request.id,
                    .kind = request.kind,
                    .title = direct ? std::string{} : request.title,
                    .created_by = request.creator,
                    .created = request.at,
                    .updated = request.at};
  made.members.push_back({.user = request.creator, .role = direct ? Role::member : Role::owner, .joined = request.at});
  for (const UserId& user : request.others) made.members.push_back({.user = user, .joined = request.at});
  std::sort(made.members.begin(), made.members.end(), [](const Member& a, const Member& b) { return a.user < b.user; });
  return made;
}

bool may_hold(Kind kind, std::size_t others) { return others >= 1 && others <= (kind == Kind::direct ? 1 : kMaxMembers - 1); }

std::vector<UserId> others_among(std::vector<UserId> users, const UserId& self) {
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  std::erase(users, self);
  return users;
}

Pair pair_of(const UserId& one, const UserId& other) { return one < other ? Pair{one, other} : Pair{other, one}; }

std::string_view to_text(Kind kind) { return kind == Kind::direct ? "direct" : "group"; }
std::string_view to_text(Role role) {
  switch (role) {
    case Role::owner:
      return "owner";
    case Role::admin:
      return "admin";
    case Role::member:
      return "member";
  }
  CHECK(false, "a role in a conversation has a word");
}
std::string_view to_text(RingMode mode) { return mode == RingMode::all ? "all" : "none"; }

std::optional<Kind> parse_kind(std::string_view text) { return value_of(std::array{Kind::direct, Kind::group}, text); }
std::optional<Role> parse_role(std::string_view text) {
  return value_of(std::array{Role::owner, Role::admin, Role::member}, text);
}
std::optional<RingMode> parse_ring_mode(std::string_view text) {
  return value_of(std::array{RingMode::all, RingMode::none}, text);
}

}  // namespace belfry::conversation
