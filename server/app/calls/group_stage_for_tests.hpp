// The stage of the tests of group calls: alice, bob, carol and dan in one group, each with a phone.
#pragma once

#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {

class GroupStage : public CallsStage {
 protected:
  GroupStage() { open(conversation::Kind::group, {2, 3, 4}); }
  static ConversationId conversation_numbered(std::uint8_t number) {
    Uuid id{};
    id[0] = 9;
    id[15] = number;
    return ConversationId(id);
  }
  /// alice's conversation with these.
  void open(conversation::Kind kind, const std::vector<int>& others, ConversationId id = conversation_numbered(1)) {
    conversation::NewConversation wish{.id = id, .kind = kind, .creator = alice.me.user, .at = world.clock.wall()};
    for (const int user : others) wish.others.push_back(user_numbered(user));
    world.store.conversations[id] = begin(wish);
  }
  conversation::Member& member(const Phone& phone) {
    auto& members = world.store.conversations[crew].members;
    return *std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.user == phone.me.user; });
  }
  void remove(const Phone& phone) {
    std::erase_if(world.store.conversations[crew].members, [&](const auto& each) { return each.user == phone.me.user; });
    world.calls(alice).left_conversation(crew, {phone.me.user});
  }
  CallId start_in(const Phone& caller, const ConversationId& id, std::optional<call::Ring> ring = call::Ring::immediate,
                  Place::Named named = Place::Named::as_group) {
    return world.start(caller, 0, [&](StartCall& request) {
      request.callee = {};
      request.place = Place{id, named};
      request.ring = ring;
    });
  }
  /// alice rings the others.
  CallId ring_all() {
    const CallId call = start_in(alice, crew);
    settle();
    return call;
  }
  CallId connected_with(const std::vector<Phone>& phones) {
    const CallId call = ring_all();
    for (const Phone& phone : phones) {
      world.accept(phone, call);
      world.pass(1s);
    }
    for (const Phone& phone : {alice, bob, carol, dan}) newly_received(phone);
    return call;
  }
  call::LegState leg(const Phone& phone, const CallId& call) { return leg_of(world.row(call), phone.me.user)->state; }
  std::string_view left_because(const Phone& phone, const CallId& call) {
    return leave_reason(world.row(call), *leg_of(world.row(call), phone.me.user));
  }

  const ConversationId crew = conversation_numbered(1);
  Phone carol = world.phone(3), dan = world.phone(4);
};

}  // namespace belfry::calls::testing
