// ShownMedia: what each participant of this server's active calls sends, as their client said last (SPEC S5). The host of a call
// notes it; CallsWithMedia and ArchiveWithMedia add it to what clients read of the store, which has no column for it: a client
// that mutes costs no write. After a restart, and of a call that another server hosts, it is unknown until the client says it
// again here. Shared by all shards, thread-safe.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "base/uuid.hpp"
#include "store/call_archive.hpp"
#include "store/forwarding_call_archive.hpp"
#include "store/forwarding_call_store.hpp"

namespace belfry::calls {

class ShownMedia {
 public:
  void note(const call::CallId& call, const account::UserId& user, const call::SentMedia& sent);
  void forget(const call::CallId& call);
  void add_to(store::CallRow& row) const;

 private:
  using OfCall = std::vector<std::pair<account::UserId, call::SentMedia>>;
  mutable Guarded<boost::unordered_flat_map<call::CallId, OfCall, UuidHash>> calls_;
};

/// Both for what is shown to clients.
class CallsWithMedia final : public store::ForwardingCallStore {
 public:
  CallsWithMedia(store::CallStore& next, const ShownMedia& media) : ForwardingCallStore(next), media_(media) {}
  void load(const call::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override;
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;

 private:
  const ShownMedia& media_;
};

class ArchiveWithMedia final : public store::ForwardingCallArchive {
 public:
  ArchiveWithMedia(store::CallArchive& next, const ShownMedia& media) : ForwardingCallArchive(next), media_(media) {}
  void history(store::HistoryQuery query, store::Done<Expected<store::HistoryPage, store::Unavailable>> done) override;
  void current(account::UserId user, std::optional<WallTime> ended_since,
               store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void call_in(conversation::ConversationId conversation, account::UserId reader,
               store::Done<Expected<store::ConversationCall, store::Unavailable>> done) override;

 private:
  const ShownMedia& media_;
};

}  // namespace belfry::calls
