#include "app/conversations/conversations.hpp"

#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/new_uuid.hpp"

namespace belfry::conversations {

namespace {

Departures departures_by(const conversation::Change& what) {
  if (const auto* removed = std::get_if<conversation::RemoveMember>(&what)) return {.users = {removed->user}};
  return {.users = {}, .ended = std::holds_alternative<conversation::Delete>(what)};
}

}  // namespace

void Conversations::open(const UserId& creator, OpenRequest request, Done<store::OpenedConversation> done) {
  own_thread_.check();
  CHECK(may_hold(request.kind, request.others.size()), "the gateway checks how many a request names");
  ports_.store.open({.id = ConversationId(new_uuid(ports_.clock, ports_.random)),
                     .kind = request.kind,
                     .title = std::move(request.title),
                     .creator = creator,
                     .others = std::move(request.others),
                     .at = ports_.clock.wall()},
                    std::move(request.claim), [this, done = std::move(done)](auto opened) {
                      if (opened && opened->how == store::Opening::made && ports_.opened) ports_.opened(opened->stored);
                      done(std::move(opened));
                    });
}

void Conversations::read(const ConversationId& id, const Asker& reader, Done<StoredConversation> done) {
  own_thread_.check();
  ports_.store.read(id, reader.user, [this, id, reader, done = std::move(done)](auto found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    if (!*found) {
      note_refused(reader, id);
      return done(unexpected(ConversationFault::not_participant));
    }
    done(*std::move(*found));
  });
}

void Conversations::find_direct(const UserId& user, const UserId& other, Done<std::optional<ConversationId>> done) {
  own_thread_.check();
  ports_.store.find_direct(user, other, [done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    done(*found);
  });
}

void Conversations::direct_with(const UserId& user, const UserId& other, Done<ConversationId> done) {
  find_direct(user, other, [this, user, other, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(found.error()));
    if (*found) return done(**found);
    open(user, {.kind = conversation::Kind::direct, .others = {other}}, [done](const auto& opened) {
      if (!opened) return done(unexpected(opened.error()));
      done(opened->stored.conversation.id);
    });
  });
}

void Conversations::read_directs(const UserId& reader, std::vector<UserId> others, Done<std::vector<StoredConversation>> done) {
  own_thread_.check();
  ports_.store.read_directs(reader, std::move(others), [done = std::move(done)](auto found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    done(*std::move(found));
  });
}

void Conversations::list(const store::ConversationQuery& query, Done<store::ConversationPage> done) {
  own_thread_.check();
  ports_.store.list(query, [done = std::move(done)](auto found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    done(*std::move(found));
  });
}

void Conversations::change(const ConversationId& id, const Asker& actor, conversation::Change what,
                           Done<StoredConversation> done) {
  own_thread_.check();
  const Departures departures = departures_by(what);
  const bool any = departures.ended || !departures.users.empty();
  store::ConversationChange change{.conversation = id,
                                   .actor = actor.user,
                                   .what = std::move(what),
                                   .at = ports_.clock.wall(),
                                   .entry = chat::MessageId(new_uuid(ports_.clock, ports_.random))};
  const auto changed = [this, id, actor, any, departures, done = std::move(done)](auto answer) {
    if (answer && any && ports_.departed) ports_.departed(id, departures);
    if (answer) return done(StoredConversation(std::move(*answer)));
    if (answer.error() == ConversationFault::not_participant) note_refused(actor, id);
    done(unexpected(answer.error()));
  };
  if (ports_.change) return ports_.change(std::move(change), changed);
  ports_.store.change(std::move(change), changed);
}

void Conversations::note_refused(const Asker& stranger, const ConversationId& id) {
  own_thread_.check();
  const WallTime now = ports_.clock.wall();
  if (!ports_.strangers.is_new(stranger.user, id, now)) return;
  ports_.store.record_refused(
      {.user = stranger.user, .conversation = id, .operation = std::string(stranger.operation), .at = now});
}

void Conversations::block(const UserId& user, const UserId& blocked, std::function<void(Expected<void, BlockFault>)> done) {
  own_thread_.check();
  if (user == blocked) return done(unexpected(BlockFault::self_block));
  ports_.store.block(user, blocked, ports_.clock.wall(), [this, user, blocked, done = std::move(done)](const auto& known) {
    if (!known) return done(unexpected(BlockFault::unavailable));
    if (!*known) return done(unexpected(BlockFault::user_unknown));
    if (ports_.blocks_changed) ports_.blocks_changed(user, blocked);
    done({});
  });
}

void Conversations::blocked_among(const UserId& user, std::vector<UserId> others, Done<std::vector<UserId>> done) {
  own_thread_.check();
  ports_.store.blocked_among(user, std::move(others), [done = std::move(done)](auto found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    done(*std::move(found));
  });
}

void Conversations::blocked_by(const UserId& user, std::vector<UserId> others, Done<std::vector<UserId>> done) {
  own_thread_.check();
  ports_.store.blocked_by(user, std::move(others), [done = std::move(done)](auto found) {
    if (!found) return done(unexpected(ConversationFault::unavailable));
    done(*std::move(found));
  });
}

void Conversations::unblock(const UserId& user, const UserId& blocked, std::function<void(Expected<void, BlockFault>)> done) {
  own_thread_.check();
  if (user == blocked) return done(unexpected(BlockFault::self_block));
  ports_.store.unblock(user, blocked, [this, user, blocked, done = std::move(done)](const auto& gone) {
    if (!gone) return done(unexpected(BlockFault::unavailable));
    if (ports_.blocks_changed) ports_.blocks_changed(user, blocked);
    done({});
  });
}

}  // namespace belfry::conversations
