// Connection: one libpq connection, used by one thread, which never blocks beyond its Deadline. Statements are prepared on the
// server at first use. Only this layer throws Failure. Its fault says what the caller may conclude: `refused`, the statement did
// nothing; `lost`, the last statement may or may not have run, mostly because the connection is gone.
#pragma once

#include <libpq-fe.h>

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

class Connection {
 public:
  /// `url` as libpq accepts it: "postgres://user@host/database?sslmode=require".
  Connection(const std::string& url, Resolver& resolver, const Deadline& deadline);

  /// Runs one statement with the parameters $1, $2..., typed as in `params`.
  Rows run(std::string_view sql, const Params& params = {});
  /// Runs several plain commands, such as a migration; returns the result of the last one.
  Rows script(const std::string& sql);
  [[nodiscard]] bool good() const { return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK; }
  [[nodiscard]] int backend() const { return PQbackendPID(connection_.get()); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  const std::string& prepared(std::string_view sql, const Params& params);
  Rows answer();
  [[nodiscard]] bool flush();
  [[nodiscard]] bool arrived();
  [[noreturn]] void lose();

  std::unique_ptr<PGconn, Finish> connection_;
  const Deadline* deadline_;
  std::unordered_map<std::string, std::string> prepared_;  // statement text to its name on the server
  bool broken_ = false;
};

}  // namespace belfry::postgres
