// Stores: the ports of store/ on Tables, for one shard. Each function calls `done` before it returns, outside the lock.
#pragma once

#include "adapters/memory/tables.hpp"
#include "base/mailbox.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"

namespace belfry::memory {

class CallStore final : public store::CallStore {
 public:
  explicit CallStore(Tables& tables) : tables_(tables) {}
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override;
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override;
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override;
  void active_in(const store::ConversationId& conversation,
                 store::Done<Expected<std::optional<store::CallId>, store::Unavailable>> done) override;
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void overdue(WallTime now, std::size_t limit,
               store::Done<Expected<std::vector<store::CallId>, store::Unavailable>> done) override;
  void record_attempt(store::Attempt attempt) override;
  void wipe(store::Done<Expected<void, store::Unavailable>> done) override;

 private:
  Tables& tables_;
};

class CallArchive final : public store::CallArchive {
 public:
  explicit CallArchive(Tables& tables) : tables_(tables) {}
  void history(store::HistoryQuery query, store::Done<Expected<store::HistoryPage, store::Unavailable>> done) override;
  void attempts(store::UserId user, store::Page page,
                store::Done<Expected<std::vector<store::AttemptEntry>, store::Unavailable>> done) override;
  void current(store::UserId user, std::optional<WallTime> ended_since,
               store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void call_in(store::ConversationId conversation, store::UserId reader,
               store::Done<Expected<store::ConversationCall, store::Unavailable>> done) override;
  void statistics(store::UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                  store::Done<Expected<store::Statistics, store::Unavailable>> done) override;
  void statistics_by_day(store::UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                         store::Done<Expected<std::vector<store::DayStatistics>, store::Unavailable>> done) override;
  void audit(store::AuditQuery query, store::Done<Expected<std::vector<store::AuditEntry>, store::Unavailable>> done) override;
  void add_quality(store::CallId call, store::UserId user, std::vector<store::QualitySample> samples,
                   store::Done<Expected<std::size_t, store::Unavailable>> done) override;
  void quality(store::CallId call, store::Page page, store::Done<Expected<store::QualityPage, store::Unavailable>> done) override;
  void recent_quality(store::Page page, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void forget_before(WallTime before, std::size_t most) override;
  void violations(WallTime now, store::Done<Expected<std::vector<store::Violation>, store::Unavailable>> done) override;

 private:
  Tables& tables_;
};

class AccountStore final : public store::AccountStore {
 public:
  explicit AccountStore(Tables& tables) : tables_(tables) {}
  void create(store::NewUser user, store::Done<Expected<store::User, store::CreateFault>> done) override;
  void ensure_guest(std::string username, store::UserId id_if_new, WallTime now,
                    store::Done<Expected<store::User, store::GuestFault>> done) override;
  void ensure_external(store::NewUser requested, store::Done<Expected<store::Account, store::Unavailable>> done) override;
  void find(store::UserId id, store::Done<Expected<std::optional<store::User>, store::Unavailable>> done) override;
  void find_account(std::string email_or_username,
                    store::Done<Expected<std::optional<store::Account>, store::Unavailable>> done) override;
  void account_of(store::UserId id, store::Done<Expected<std::optional<store::Account>, store::Unavailable>> done) override;
  void search(std::string text, std::optional<store::UserId> except, store::Page page,
              store::Done<Expected<std::vector<store::User>, store::Unavailable>> done) override;
  void contacts(store::UserId user, std::uint32_t most,
                store::Done<Expected<std::vector<store::User>, store::Unavailable>> done) override;
  void presence(std::vector<store::UserId> users, store::UserId asker,
                store::Done<Expected<std::vector<store::Presence>, store::Unavailable>> done) override;
  void update(store::UserId id, store::ProfileChange change, WallTime now,
              store::Done<Expected<store::UpdatedUser, store::CreateFault>> done) override;
  void set_status(store::UserId id, account::UserStatus status, WallTime now,
                  store::Done<Expected<std::optional<std::vector<store::Login>>, store::Unavailable>> done) override;
  void note_active(store::UserId user, WallTime when) override;
  void add_login(store::Login login, store::Done<Expected<void, store::Unavailable>> done) override;
  void admit(store::Login login, std::string password_hash, store::Done<Expected<bool, store::Unavailable>> done) override;
  void replace_login(store::LoginId old, store::Login next, store::Done<Expected<bool, store::Unavailable>> done) override;
  void find_refresh(std::string hash,
                    store::Done<Expected<std::optional<store::RefreshableLogin>, store::Unavailable>> done) override;
  void revoke_family(store::LoginId login, WallTime now,
                     store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override;
  void revoke_all(store::UserId user, WallTime now,
                  store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override;
  void logins(store::UserId user, WallTime now,
              store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override;
  void revocations(WallTime now, store::Done<Expected<store::RevocationSnapshot, store::Unavailable>> done) override;
  void changes_after(std::uint64_t seq, store::Done<Expected<std::vector<store::Change>, store::Unavailable>> done) override;
  void find_answer(store::UserId owner, std::string key,
                   store::Done<Expected<std::optional<store::KeptAnswer>, store::Unavailable>> done) override;
  void keep_answer(store::UserId owner, std::string key, store::KeptAnswer answer, WallTime now) override;
  void forget_before(WallTime answers, WallTime logins) override;

 private:
  Tables& tables_;
};

class ConversationStore final : public store::ConversationStore {
 public:
  explicit ConversationStore(Tables& tables) : tables_(tables) {}
  void open(conversation::NewConversation request, std::optional<store::OpeningClaim> claim,
            Answer<store::OpenedConversation> done) override;
  void find(store::ConversationId id, store::UserId reader,
            store::Done<Expected<std::optional<store::StoredConversation>, store::Unavailable>> done) override;
  void read(store::ConversationId id, store::UserId reader,
            store::Done<Expected<std::optional<store::StoredConversation>, store::Unavailable>> done) override;
  void find_direct(store::UserId one, store::UserId other,
                   store::Done<Expected<std::optional<store::ConversationId>, store::Unavailable>> done) override;
  void read_directs(store::UserId reader, std::vector<store::UserId> others,
                    store::Done<Expected<std::vector<store::StoredConversation>, store::Unavailable>> done) override;
  void list(store::ConversationQuery query, store::Done<Expected<store::ConversationPage, store::Unavailable>> done) override;
  void change(store::ConversationChange change, Answer<store::ChangedConversation> done) override;
  void block(store::UserId user, store::UserId blocked, WallTime now,
             store::Done<Expected<bool, store::Unavailable>> done) override;
  void unblock(store::UserId user, store::UserId blocked, store::Done<Expected<void, store::Unavailable>> done) override;
  void blocked_among(store::UserId user, std::vector<store::UserId> others,
                     store::Done<Expected<std::vector<store::UserId>, store::Unavailable>> done) override;
  void blocked_by(store::UserId user, std::vector<store::UserId> others,
                  store::Done<Expected<std::vector<store::UserId>, store::Unavailable>> done) override;
  void blocks_of(store::UserId user, store::Done<Expected<std::vector<store::UserId>, store::Unavailable>> done) override;
  void record_refused(store::RefusedStranger refused) override;

 private:
  Tables& tables_;
};

class MessageStore final : public store::MessageStore {
 public:
  explicit MessageStore(Tables& tables) : tables_(tables) {}
  void send(chat::NewMessage request, Answer<store::SentMessage> done) override;
  void edit(store::MessageEdit edit, Answer<store::ChangedMessage> done) override;
  void remove(store::MessageRemoval removal, Answer<store::ChangedMessage> done) override;
  void find_sent(store::ConversationId conversation, store::UserId sender, std::string client_id,
                 Answer<std::optional<store::SentMessage>> done) override;
  void page(store::MessageQuery query, Answer<store::MessagePage> done) override;
  void move_receipt(store::ReceiptMove move, Answer<store::MovedReceipt> done) override;
  void unread(std::vector<store::UserId> users, Answer<std::vector<store::UserUnread>> done) override;
  void others(store::ConversationId conversation, store::UserId user, Answer<std::vector<store::UserId>> done) override;
  void search(store::MessageSearch query, Answer<chat::SearchPage> done) override;

 private:
  Tables& tables_;
};

class FileStore final : public store::FileStore {
 public:
  explicit FileStore(Tables& tables) : tables_(tables) {}
  void add(file::File file, store::Done<Expected<void, store::Unavailable>> done) override;
  void find(file::FileId id, store::UserId reader,
            store::Done<Expected<std::optional<file::File>, store::Unavailable>> done) override;
  void take_unused(WallTime before, file::FileId after, std::uint32_t most,
                   store::Done<Expected<std::vector<file::FileId>, store::Unavailable>> done) override;
  void bytes_removed(std::vector<file::FileId> ids, store::Done<Expected<void, store::Unavailable>> done) override;

 private:
  Tables& tables_;
};

class DeviceStore final : public store::DeviceStore {
 public:
  explicit DeviceStore(Tables& tables) : tables_(tables) {}
  void put(store::Device device, Answer<store::RegisteredDevice> done) override;
  void list(store::UserId user, Answer<std::vector<store::Device>> done) override;
  void owners(store::OwnerQuery query, Answer<std::vector<store::DeviceOwner>> done) override;
  void change(store::DeviceChange change, Answer<std::optional<store::Device>> done) override;
  void remove(store::DeviceId id, store::UserId user, Answer<bool> done) override;
  void forget_token(store::DeviceId id, std::string token, Answer<void> done) override;
  void touch(store::DeviceId id, store::UserId user, WallTime now) override;
  void plan(store::PushPlan plan, Answer<std::size_t> done) override;
  void stop_rings(store::CallId call, store::UserId user, Answer<std::vector<store::Device>> done) override;
  void start_try(store::PushId id, WallTime now, Answer<std::optional<store::PushTry>> done) override;
  void end_try(store::PushEnd end, Answer<bool> done) override;
  void deliveries(store::DeliveryQuery query, Answer<store::DeliveryPage> done) override;
  void forget_deliveries_before(WallTime when, std::size_t most) override;

 private:
  Tables& tables_;
};

class OutboxStore final : public store::Outbox {
 public:
  explicit OutboxStore(Tables& tables) : tables_(tables) {}
  void put(store::OutboxEntry entry, store::Done<Expected<void, store::Unavailable>> done) override;
  void settle(store::UserId to, const store::CallId& call) override;
  void still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) override;
  void waiting(std::uint64_t after_seq, std::size_t limit,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override;
  void forget_before(WallTime when, std::size_t most) override;

 private:
  Tables& tables_;
};

class DueEntriesStore final : public store::DueEntries {
 public:
  explicit DueEntriesStore(Tables& tables) : tables_(tables) {}
  void take(const store::Claim& claim, store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override;
  void remove(std::uint64_t seq, store::Done<Expected<void, store::Unavailable>> done) override;
  void put_off(const store::ClaimedEntry& entry, WallTime due, store::Done<Expected<void, store::Unavailable>> done) override;

 private:
  Tables& tables_;
};

/// The calls end with the process, so another server never finds any to take over.
class NodeStore final : public store::Nodes {
 public:
  void heartbeat(WallTime) override {}
  void stopped(WallTime) override {}
  void take_over(std::size_t, store::Silence, store::Done<Expected<store::TakenOver, store::Unavailable>> done) override {
    done(store::TakenOver{});
  }
};

class Stores {
 public:
  explicit Stores(Tables& tables, ShardIndex = 0)
      : calls_(tables),
        archive_(tables),
        accounts_(tables),
        conversations_(tables),
        messages_(tables),
        files_(tables),
        devices_(tables),
        outbox_(tables),
        due_entries_(tables) {}
  [[nodiscard]] CallStore& calls() { return calls_; }
  [[nodiscard]] CallArchive& archive() { return archive_; }
  [[nodiscard]] AccountStore& accounts() { return accounts_; }
  [[nodiscard]] ConversationStore& conversations() { return conversations_; }
  [[nodiscard]] MessageStore& messages() { return messages_; }
  [[nodiscard]] FileStore& files() { return files_; }
  [[nodiscard]] DeviceStore& devices() { return devices_; }
  [[nodiscard]] OutboxStore& outbox() { return outbox_; }
  [[nodiscard]] DueEntriesStore& due_entries() { return due_entries_; }
  [[nodiscard]] NodeStore& nodes() { return nodes_; }

 private:
  CallStore calls_;
  CallArchive archive_;
  AccountStore accounts_;
  ConversationStore conversations_;
  MessageStore messages_;
  FileStore files_;
  DeviceStore devices_;
  OutboxStore outbox_;
  DueEntriesStore due_entries_;
  NodeStore nodes_;
};

}  // namespace belfry::memory
