// native::PresenceCommands: the client events about presence (SPEC K46, S7), and the one that asks for news of people
// (people_news.hpp).
#pragma once

#include "gateway/native/client_event.hpp"
#include "gateway/native/limits.hpp"
#include "gateway/native/ports.hpp"

namespace belfry::gateway::native {

class PresenceCommands {
 public:
  PresenceCommands(const NativePorts& ports, Limits& limits) : ports_(ports), limits_(limits) {}
  /// False: it is no event about presence, or this server has none.
  [[nodiscard]] bool take(const ClientEvent& event) { return ports_.presence != nullptr && serve(*this, kEvents, event); }

 private:
  struct Row {
    std::string_view name;
    void (PresenceCommands::*act)(const ClientEvent&);
  };
  static const Row kEvents[3];

  void subscribe(const ClientEvent& event);
  void set(const ClientEvent& event);
  void hear_people(const ClientEvent& event);

  const NativePorts& ports_;
  Limits& limits_;
};

}  // namespace belfry::gateway::native
