// The stage of the tests of group calls: alice, bob, carol and dan in one group, each with a phone.
#pragma once

#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {

class GroupStage : public CallsStage {
 protected:
  GroupStage();
  ~GroupStage() override;
  static ConversationId conversation_numbered(std::uint8_t number);
  /// alice's conversation with these.
  void open(conversation::Kind kind, const std::vector<int>& others, ConversationId id = conversation_numbered(1));
  conversation::Member& member(const Phone& phone);
  void remove(const Phone& phone);
  CallId start_in(const Phone& caller, const ConversationId& id,
                  std::optional<call::RingPolicy> ring = call::RingPolicy::immediate,
                  Place::Named named = Place::Named::as_group);
  /// alice rings the others.
  CallId ring_all();
  CallId connected_with(const std::vector<Phone>& phones);
  call::LegState leg(const Phone& phone, const CallId& call);
  std::string_view left_because(const Phone& phone, const CallId& call);

  const ConversationId crew = conversation_numbered(1);
  Phone carol, dan;
};

}  // namespace belfry::calls::testing
