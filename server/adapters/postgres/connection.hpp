// Connection: one libpq connection, used by one thread, which never blocks beyond its Deadline. Statements are prepared on the
// server at first use. Only this layer throws Failure. Its fault says what the caller may conclude: `refused`, the statement did
// nothing; `lost`, the last statement may or may not have run, mostly because the connection is gone. Several statements may
// share a round trip (libpq, "Pipeline Mode"): most of what a small one costs is the way to the server and back.
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/postgres/address.hpp"
#include "adapters/postgres/binary.hpp"
#include "adapters/postgres/deadline.hpp"

namespace belfry::postgres {

enum class Fault : std::uint8_t { lost, refused };

class Failure : public std::runtime_error {
 public:
  Failure(Fault fault, std::string sqlstate, std::string constraint, const std::string& what)
      : std::runtime_error(what),
        fault_(fault),
        sqlstate_(std::move(sqlstate)),
        constraint_(std::move(constraint)) {}
  [[nodiscard]] Fault fault() const { return fault_; }
  /// PostgreSQL, appendix A: "23505" is a unique violation.
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
  [[nodiscard]] const std::string& constraint() const { return constraint_; }

 private:
  Fault fault_;
  std::string sqlstate_, constraint_;
};

/// The parameters of a statement, bound one after the other.
class Params : public Binder<Params> {
 public:
  void value(TypeId type, std::string_view bytes) {
    values_.push_back({.type = type, .null = false, .bytes = std::string(bytes)});
  }
  void null(TypeId type) { values_.push_back({.type = type, .null = true}); }

  struct Value {
    TypeId type = 0;
    bool null = false;
    std::string bytes{};
  };
  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  std::vector<Value> values_;
};

/// One row of an answer, read column by column. Valid only as long as its Rows.
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}
  [[nodiscard]] bool is_null() const { return PQgetisnull(result_, row_, column_) != 0; }
  std::int64_t number() { return maybe_number().value_or(0); }
  std::optional<std::int64_t> maybe_number();
  std::optional<double> maybe_real();
  bool flag();
  std::string text() { return std::string(bytes()); }
  std::optional<std::string> maybe_text();
  Uuid uuid() { return maybe_uuid().value_or(Uuid{}); }
  std::optional<Uuid> maybe_uuid();
  WallTime time() { return {number()}; }
  std::optional<WallTime> maybe_time();
  store::AuditHash hash();

 private:
  std::string_view bytes();
  const PGresult* result_;
  int row_;
  int column_ = 0;
};

class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}
  [[nodiscard]] int size() const { return PQntuples(result_.get()); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Row at(int row) const { return {result_.get(), row}; }
  /// How many rows an INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changed() const { return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10); }
  [[nodiscard]] const PGresult* raw() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

/// With the parameters $1, $2..., typed as in `params`.
struct Statement {
  std::string_view sql{};  // outlives the statement: a literal, or a static string
  Params params{};
};

class Connection {
 public:
  /// `url` as libpq accepts it: "postgres://user@host/database?sslmode=require".
  Connection(const std::string& url, Resolver& resolver, const Deadline& deadline);

  Rows run(std::string_view sql, const Params& params = {});
  Rows run(const Statement& statement) { return run(statement.sql, statement.params); }
  /// All in one round trip and in this order: each sees what those before it did, and in a transaction (READ COMMITTED) what
  /// others had committed when it began. The first that fails is thrown; none behind it runs.
  std::vector<Rows> run_all(std::vector<Statement> asked);
  /// Goes to the server with the next statement that is waited for, in front of it; if it fails, that throws. Only within a
  /// transaction, whose COMMIT takes the last of them along.
  void post(std::string_view sql, Params params = {}) { posted_.push_back({sql, std::move(params)}); }
  /// Runs several plain commands, such as a migration; returns the result of the last one.
  Rows script(const std::string& sql);
  [[nodiscard]] bool good() const { return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK; }
  [[nodiscard]] int backend() const { return PQbackendPID(connection_.get()); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  /// Looks up a text without a copy of it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void prepare(std::string_view sql, const Params& params);
  void send(std::string_view sql, const Params& params);
  Rows answer();
  Rows answer_in_pipeline();
  void end_pipeline();
  [[noreturn]] void fail(const Rows& refused);
  [[nodiscard]] bool flush();
  [[nodiscard]] bool arrived();
  [[noreturn]] void lose();

  std::unique_ptr<PGconn, Finish> connection_;
  const Deadline* deadline_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> prepared_;  // statement text to its name on the server
  std::vector<Statement> posted_;
  bool broken_ = false;
};

}  // namespace belfry::postgres
