// What the ports on a database have in common. A database `Db` says by free functions, found beside its type, how it is asked:
//   ask_reader(database, shard, ask, done)             a question, beside the writer
//   ask_writer(database, shard, [failed,] ask, done)   a change, durable before `done` is called
//   tell_writer(database, shard, ask)                  a change without an answer
// `ask` is a function of its Connection; what it calls there is found beside Connection, as free functions of the same names in
// every adapter. So a port is written once, and the SQL in each adapter.
#pragma once

#include <type_traits>
#include <utility>

#include "base/mailbox.hpp"
#include "store/done.hpp"

namespace belfry::sql {

/// `ask` gives a T, or an Expected<T, E>, or nothing: what comes of it gives the Result in which the port answers.
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

/// One shard's way to the database.
template <class Db>
class Port {
 public:
  Port(Db& database, ShardIndex shard) : database_(database), shard_(shard) {}

  template <class Ask, class Result>
  void read(Ask ask, store::Done<Result> done) {
    ask_reader(database_, shard_, std::move(ask), std::move(done));
  }
  template <class Ask, class Result>
  void write(Ask ask, store::Done<Result> done) {
    ask_writer(database_, shard_, std::move(ask), std::move(done));
  }
  /// The same where the reasons to refuse are an enum of their own.
  template <class Error, class Ask, class Result>
  void write_or(Error failed, Ask ask, store::Done<Result> done) {
    ask_writer(database_, shard_, failed, std::move(ask), std::move(done));
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
