// DirectMessages: sends a message to a person, perhaps with a picture (SPEC K9, K17). The conversation of the two is made with
// the first message, and a picture that comes as a data URL becomes a file first. So both are done only for who may send (K47),
// and a repeat is answered before its picture is stored again (K32). One per shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "app/chat/chat.hpp"
#include "app/direct_messages/direct_conversations.hpp"
#include "app/files/files.hpp"
#include "base/own_thread.hpp"
#include "domain/chat/message.hpp"

namespace belfry::direct_messages {

/// What was refused: the conversation, the message, or its picture.
using Refused = std::variant<store::ConversationFault, chat::Refused, files::Refused>;

class DirectMessages {
 public:
  /// All must outlive this object.
  struct Ports {
    chat::Chat& chat;
    DirectConversations& conversations;
    files::Files& files;
  };
  explicit DirectMessages(const Ports& ports) : ports_(ports) {}

  /// `image`: a data URL, or the path of a file of the sender; empty: none.
  struct Request {
    account::UserId to{};
    std::string client_id{};  // empty: the server makes one
    std::string text{};
    std::string image{};
  };
  using Done = std::function<void(Expected<store::SentMessage, Refused>)>;
  void send(const chat::Asker& sender, Request request, Done done);
  /// What a picture may have.
  [[nodiscard]] std::size_t max_picture_bytes() const { return ports_.files.max_bytes(); }

 private:
  enum class Retry : bool { no, once };
  struct Sending {
    chat::Asker sender{};
    Request request{};
    std::optional<files::Attached> picture{};
    Done done{};
    void refuse(Refused why) const { done(unexpected(std::move(why))); }
  };
  using SendingPtr = std::shared_ptr<Sending>;

  void send_new_picture(const SendingPtr& sending);
  void answer_or_store(const SendingPtr& sending, const chat::ConversationId& conversation);
  void store_and_send(const SendingPtr& sending);
  void attach_and_send(const SendingPtr& sending);
  void send(const SendingPtr& sending, Retry retry);
  /// Not beyond their limit of messages.
  [[nodiscard]] Expected<void, chat::Refused> may_send(const Sending& sending) const;

  [[no_unique_address]] OwnThread own_thread_;
  Ports ports_;
};

/// Whether the stored message is that of this text and picture, sent again (K32). The type and the number of the bytes tell one
/// picture from another; if the message was edited or deleted since, its client id alone decides.
[[nodiscard]] bool is_repeat_with_picture(const chat::Message& stored, std::string_view text, std::string_view data_url);

}  // namespace belfry::direct_messages
