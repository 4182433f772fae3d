#include "app/calls/group_stage_for_tests.hpp"

namespace belfry::calls::testing {

GroupStage::GroupStage() : carol(world.phone(3)), dan(world.phone(4)) { open(conversation::Kind::group, {2, 3, 4}); }
GroupStage::~GroupStage() = default;

ConversationId GroupStage::conversation_numbered(std::uint8_t number) {
  Uuid id{};
  id[0] = 9;
  id[15] = number;
  return ConversationId(id);
}

void GroupStage::open(conversation::Kind kind, const std::vector<int>& others, ConversationId id) {
  conversation::NewConversation request{.id = id, .kind = kind, .creator = alice.me.user, .at = world.clock.wall()};
  for (const int user : others) request.others.push_back(user_numbered(user));
  world.store.conversations[id] = begin(request);
}

conversation::Member& GroupStage::member(const Phone& phone) {
  auto& members = world.store.conversations[crew].members;
  return *std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.user == phone.me.user; });
}

void GroupStage::remove(const Phone& phone) {
  std::erase_if(world.store.conversations[crew].members, [&](const auto& each) { return each.user == phone.me.user; });
  world.calls(alice).left_conversation(crew, {phone.me.user});
}

CallId GroupStage::start_in(const Phone& caller, const ConversationId& id, std::optional<call::RingPolicy> ring,
                            Place::Named named) {
  return world.start(caller, 0, [&](StartCall& request) {
    request.callee = {};
    request.place = Place{id, named};
    request.ring = ring;
  });
}

CallId GroupStage::ring_all() {
  const CallId call = start_in(alice, crew);
  settle();
  return call;
}

CallId GroupStage::connected_with(const std::vector<Phone>& phones) {
  const CallId call = ring_all();
  for (const Phone& phone : phones) {
    world.accept(phone, call);
    world.pass(1s);
  }
  for (const Phone& phone : {alice, bob, carol, dan}) newly_received(phone);
  return call;
}

call::LegState GroupStage::leg(const Phone& phone, const CallId& call) { return find_leg(world.row(call), phone.me.user)->state; }

std::string_view GroupStage::left_because(const Phone& phone, const CallId& call) {
  return leave_reason(world.row(call), *find_leg(world.row(call), phone.me.user));
}

}  // namespace belfry::calls::testing
