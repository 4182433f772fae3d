// Outbox, DueEntries and Nodes on an SQL database (port.hpp). `Db` has node(), the id of this server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "adapters/sql/port.hpp"
#include "adapters/sql/take_over.hpp"
#include "store/due_entries.hpp"
#include "store/outbox.hpp"

namespace belfry::sql {

template <class Db>
class OutboxOn final : public store::Outbox {
 public:
  OutboxOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void put(store::OutboxEntry entry, store::Done<Expected<void, store::Unavailable>> done) override {
    port_.write(
        [node = port_.database().node(), entry = std::move(entry)](auto& connection) { put_in_outbox(connection, node, entry); },
        std::move(done));
  }
  void settle(store::UserId to, const store::CallId& call) override {
    port_.tell([to, call](auto& connection) { settle_entry(connection, to, call); });
  }
  void still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) override {
    port_.read([to, call](auto& connection) { return entry_waits(connection, to, call); }, std::move(done));
  }
  void waiting(std::uint64_t after_seq, std::size_t limit,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    port_.read([after_seq, limit](auto& connection) { return waiting_entries(connection, after_seq, limit); }, std::move(done));
  }
  void forget_before(WallTime when, std::size_t most) override {
    port_.tell([when, most](auto& connection) { forget_outbox_before(connection, when, most); });
  }

 private:
  Port<Db> port_;
};

template <class Db>
class DueEntriesOn final : public store::DueEntries {
 public:
  DueEntriesOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void take(const store::Claim& claim, store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    port_.write([node = port_.database().node(), claim](auto& connection) { return take_due_entries(connection, node, claim); },
                std::move(done));
  }
  void remove(std::uint64_t seq, store::Done<Expected<void, store::Unavailable>> done) override {
    port_.write([seq](auto& connection) { remove_due_entry(connection, seq); }, std::move(done));
  }
  void put_off(const store::ClaimedEntry& entry, WallTime due, store::Done<Expected<void, store::Unavailable>> done) override {
    port_.write([entry, due](auto& connection) { put_off_due_entry(connection, entry, due); }, std::move(done));
  }

 private:
  Port<Db> port_;
};

template <class Db>
class NodesOn final : public store::Nodes {
 public:
  NodesOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void heartbeat(WallTime now) override {
    port_.tell([node = port_.database().node(), now](auto& connection) { note_heartbeat(connection, node, now); });
  }
  void stopped(WallTime now) override {
    port_.tell([node = port_.database().node(), now](auto& connection) { note_stop(connection, node, now); });
  }
  void take_over(std::size_t limit, store::Silence silence,
                 store::Done<Expected<store::TakenOver, store::Unavailable>> done) override {
    const TakeOver request{.limit = limit, .silence = silence, .unknown = std::exchange(unknown_, Unknown::left)};
    port_.write(
        [node = port_.database().node(), request](auto& connection) { return take_over_calls(connection, node, request); },
        std::move(done));
  }

 private:
  Port<Db> port_;
  Unknown unknown_ = Unknown::looked_for;
};

}  // namespace belfry::sql
