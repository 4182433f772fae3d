#include "domain/chat/rights.hpp"

namespace belfry::chat {
namespace {

/// From the first change on (K32).
void keep_mark(Message& message) {
  if (!message.sent_text && !message.edited) message.sent_text = mark_of(message.id, message.text);
}

/// People write these; the others are the server's.
bool is_of_people(Kind kind) { return kind == Kind::text || kind == Kind::file || kind == Kind::voicemail; }

}  // namespace

Expected<void, Refusal> may_send(const Actor& actor) {
  if (actor.blocked) return unexpected(Refusal::blocked);
  return {};
}

Changed edit(const Message& before, const Actor& actor, const std::string& text, WallTime at) {
  if (!may_read(actor, before.seq)) return unexpected(Refusal::not_found);
  if (before.sender != actor.user) return unexpected(Refusal::forbidden);
  if (before.kind != Kind::text && before.kind != Kind::file) return unexpected(Refusal::forbidden);
  if (before.deleted) return unexpected(Refusal::not_found);
  if (actor.blocked) return unexpected(Refusal::blocked);  // an edit would be read like a message
  if (before.text == text) return before;
  Message after = before;
  keep_mark(after);
  after.text = text;
  after.edited = at;
  return after;
}

Changed remove(const Message& before, const Actor& actor, WallTime at) {
  if (!may_read(actor, before.seq)) return unexpected(Refusal::not_found);
  const bool moderates = actor.where == conversation::Kind::group && actor.role != conversation::Role::member;
  if (before.sender != actor.user && !moderates) return unexpected(Refusal::forbidden);
  if (!is_of_people(before.kind)) return unexpected(Refusal::forbidden);
  if (before.deleted) return before;
  Message after = before;
  keep_mark(after);
  after.text.clear();
  after.attachments.clear();
  after.deleted = at;
  return after;
}

bool counts_as_unread(const Message& message, const UserId& reader) {
  const bool missed = message.call && message.call->status == call::Status::missed;  // only its caller is no callee
  return (is_of_people(message.kind) || missed) && message.sender != reader && !message.deleted;
}

}  // namespace belfry::chat
