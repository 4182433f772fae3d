// native::ChatCommands: the client events about messages (SPEC 2.4, K31 to K40). Each is checked whole, goes to app/chat, and is
// answered by its acknowledgement.
#pragma once

#include "gateway/native/client_event.hpp"
#include "gateway/native/limits.hpp"
#include "gateway/native/ports.hpp"

namespace belfry::gateway::native {

class ChatCommands {
 public:
  ChatCommands(const NativePorts& ports, Limits& limits) : ports_(ports), limits_(limits) {}
  /// False: it is no event about messages, or this server has none.
  [[nodiscard]] bool take(const ClientEvent& event) { return ports_.chat != nullptr && serve(*this, kEvents, event); }

 private:
  struct Row {
    std::string_view name;
    void (ChatCommands::*act)(const ClientEvent&);
  };
  static const Row kEvents[6];

  void message_send(const ClientEvent& event);
  void message_edit(const ClientEvent& event);
  void message_delete(const ClientEvent& event);
  void message_read(const ClientEvent& event) { receipt(event, chat::Receipt::read); }
  void message_delivered(const ClientEvent& event) { receipt(event, chat::Receipt::delivered); }
  void typing(const ClientEvent& event);
  void receipt(const ClientEvent& event, chat::Receipt what);

  const NativePorts& ports_;
  Limits& limits_;
};

}  // namespace belfry::gateway::native
