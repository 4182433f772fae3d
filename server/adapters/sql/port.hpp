// What the ports on a database have in common. A database `Db` provides free functions, found by argument-dependent lookup:
//   ask_reader(database, shard, [failed,] ask, done)   a read, concurrent with the writer
//   ask_searcher(database, shard, failed, ask, done)   a read that takes long, for which no other read waits
//   ask_writer(database, shard, [failed,] ask, done)   a change, durable before `done` is called
//   tell_writer(database, shard, ask)                  a change without an answer
// `ask` is a function of its Connection. The functions that it calls have the same names in every adapter and are found beside
// Connection. So each port is written once, and its SQL once per adapter.
#pragma once

#include <type_traits>
#include <utility>

#include "base/mailbox.hpp"
#include "base/uuid.hpp"
#include "store/done.hpp"

namespace belfry::sql {

/// Adapts `ask`, which returns a T, an Expected<T, E> or nothing, so that it returns the Result of the port.
template <class Result, class Ask>
auto answering(Ask ask) {
  return [ask = std::move(ask)](auto& connection) -> Result {
    if constexpr (std::is_void_v<typename Result::value_type>) {
      ask(connection);
      return {};
    } else {
      return ask(connection);
    }
  };
}

/// A question that locks the row of a conversation. Where several questions share a transaction, these run first, in the order of
/// `locks`: two transactions that lock the same rows in different orders wait for each other until one gives up, and the writer
/// of calls locks conversations before users too.
template <class Ask>
struct LockingAsk {
  Uuid locks{};
  Ask ask;
  auto operator()(auto& connection) const { return ask(connection); }
};

/// The database as one shard uses it.
template <class Db>
class Port {
 public:
  Port(Db& database, ShardIndex shard) : database_(database), shard_(shard) {}

  template <class Ask, class Result>
  void read(Ask ask, store::Done<Result> done) {
    ask_reader(database_, shard_, std::move(ask), std::move(done));
  }
  /// The same for a port whose faults are an enum of its own.
  template <class Error, class Ask, class Result>
  void read_or(Error failed, Ask ask, store::Done<Result> done) {
    ask_reader(database_, shard_, failed, std::move(ask), std::move(done));
  }
  template <class Error, class Ask, class Result>
  void search_or(Error failed, Ask ask, store::Done<Result> done) {
    ask_searcher(database_, shard_, failed, std::move(ask), std::move(done));
  }
  template <class Ask, class Result>
  void write(Ask ask, store::Done<Result> done) {
    ask_writer(database_, shard_, std::move(ask), std::move(done));
  }
  template <class Error, class Ask, class Result>
  void write_or(Error failed, Ask ask, store::Done<Result> done) {
    ask_writer(database_, shard_, failed, std::move(ask), std::move(done));
  }
  /// The same for a change that locks the conversation of this id.
  template <class Error, class Ask, class Result>
  void write_locking(const Uuid& locks, Error failed, Ask ask, store::Done<Result> done) {
    ask_writer(database_, shard_, failed, LockingAsk<Ask>{locks, std::move(ask)}, std::move(done));
  }
  template <class Ask>
  void tell(Ask ask) {
    tell_writer(database_, shard_, std::move(ask));
  }
  [[nodiscard]] Db& database() { return database_; }
  [[nodiscard]] ShardIndex shard() const { return shard_; }

 private:
  Db& database_;
  ShardIndex shard_;
};

}  // namespace belfry::sql
