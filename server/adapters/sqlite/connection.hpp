// A connection to one SQLite file and its statements: RAII and types over the C API, nothing more. Only this layer throws
// Failure; the writer and the readers catch it and answer Unavailable. Used by one thread at a time, and only by threads that
// share the main thread's descriptor table: POSIX locks belong to a descriptor table, so a shard thread with its own table would
// not see them.
#pragma once

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/sql/uuid_text.hpp"
#include "store/call_row.hpp"

namespace belfry::sqlite {

/// Why a statement failed. `busy`, `full` and `io` may pass; `constraint` and `other` are caused by our code or by a change made
/// by hand.
enum class Fault : std::uint8_t { busy, full, io, corrupt, constraint, other };

class Failure : public std::runtime_error {
 public:
  Failure(Fault fault, const std::string& what) : std::runtime_error(what), fault_(fault) {}
  [[nodiscard]] Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

/// The text of a frequent statement. It has a fixed index in each connection's list of prepared statements, so the text is not
/// hashed for each use.
class Sql {
 public:
  explicit Sql(std::string text);
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  std::string text_;
  std::size_t place_;
};

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  [[nodiscard]] sqlite3_stmt* get() const { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One use of a statement: binds, steps, reads, and resets on destruction. Bound texts must outlive it.
class Use {
 public:
  explicit Use(Statement& statement) : statement_(statement.get()) {}
  ~Use();
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  // --- bind the parameters, one after the other
  void number(std::int64_t value);
  void flag(bool value) { number(value ? 1 : 0); }
  void time(WallTime value) { number(value.unix_ms); }
  void text(std::string_view value);
  void uuid(const Uuid& value);
  void real(std::optional<double> value);
  void hash(const store::AuditHash& value);
  void null();
  void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
  void maybe_number(std::optional<std::int64_t> value) { value ? number(*value) : null(); }
  void maybe_time(std::optional<WallTime> value) { value ? time(*value) : null(); }
  template <class Id>
  void maybe_uuid(const std::optional<Id>& value) {
    value ? uuid(value->value()) : null();
  }

  /// True: there is a row; reading starts at its first column.
  [[nodiscard]] bool row();
  /// For statements that return no rows. Returns how many rows changed.
  int run();

  // --- read the columns of the row, one after the other
  [[nodiscard]] std::int64_t number() { return sqlite3_column_int64(statement_, column_++); }
  [[nodiscard]] bool flag() { return number() != 0; }
  [[nodiscard]] WallTime time() { return {number()}; }
  [[nodiscard]] std::string_view text();  // until the next row()
  [[nodiscard]] Uuid uuid() { return sql::uuid_in(text()); }
  [[nodiscard]] store::AuditHash hash();
  [[nodiscard]] std::optional<Uuid> maybe_uuid() { return parse_uuid(text()); }
  [[nodiscard]] std::optional<WallTime> maybe_time();
  [[nodiscard]] std::optional<std::int64_t> maybe_number();
  [[nodiscard]] std::optional<double> maybe_real();

 private:
  void bound(int code);
  [[nodiscard]] bool null_here() const { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }

  sqlite3_stmt* statement_;
  int next_ = 1;
  int column_ = 0;
  std::array<sql::UuidText, 8> ids_{};
  std::size_t ids_used_ = 0;
};

enum class Access : std::uint8_t { read_write, read_only };

class Connection {
 public:
  /// Throws Failure. WAL, synchronous=FULL, foreign keys on; waits at most `patience` for another process's lock.
  Connection(const std::string& path, Access access, std::chrono::milliseconds patience);

  [[nodiscard]] Statement& prepared(std::string_view sql);
  [[nodiscard]] Statement& prepared(const Sql& sql);
  void run(const std::string& sql);
  void begin();           // for reads; the first query fixes the snapshot
  void begin_to_write();  // takes the write lock now, so that no later statement fails for it
  void commit();
  /// Does nothing if a failed statement has already ended the transaction.
  void roll_back() noexcept;
  [[nodiscard]] sqlite3* get() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
  std::vector<Statement*> placed_;
};

}  // namespace belfry::sqlite
