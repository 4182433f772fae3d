// ForwardingMessageStore: passes everything on to another message store. To change or watch one operation, derive from it and
// override that one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/message_store.hpp"

namespace belfry::store {

class ForwardingMessageStore : public MessageStore {
 public:
  explicit ForwardingMessageStore(MessageStore& next) : next_(next) {}
  void send(chat::NewMessage request, Answer<SentMessage> done) override { next_.send(std::move(request), std::move(done)); }
  void edit(MessageEdit edit, Answer<ChangedMessage> done) override { next_.edit(std::move(edit), std::move(done)); }
  void remove(MessageRemoval removal, Answer<ChangedMessage> done) override { next_.remove(removal, std::move(done)); }
  void find_sent(ConversationId conversation, UserId sender, std::string client_id,
                 Answer<std::optional<SentMessage>> done) override {
    next_.find_sent(conversation, sender, std::move(client_id), std::move(done));
  }
  void page(MessageQuery query, Answer<MessagePage> done) override { next_.page(query, std::move(done)); }
  void move_receipt(ReceiptMove move, Answer<MovedReceipt> done) override { next_.move_receipt(move, std::move(done)); }
  void unread(std::vector<UserId> users, Answer<std::vector<UserUnread>> done) override {
    next_.unread(std::move(users), std::move(done));
  }
  void others(ConversationId conversation, UserId user, Answer<std::vector<UserId>> done) override {
    next_.others(conversation, user, std::move(done));
  }
  void search(MessageSearch query, Answer<chat::SearchPage> done) override { next_.search(std::move(query), std::move(done)); }

 private:
  MessageStore& next_;
};

}  // namespace belfry::store
