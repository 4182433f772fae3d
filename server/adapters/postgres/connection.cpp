#include "adapters/postgres/connection.hpp"

#include <poll.h>

namespace belfry::postgres {
namespace {

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string{} : std::string(text);
}

/// 57P: the server ends this connection (shutdown, crash of another backend, pg_terminate_backend).
bool says_goodbye(std::string_view sqlstate) { return sqlstate.empty() || sqlstate.starts_with("57P"); }

PGconn* start(const std::vector<std::pair<std::string, std::string>>& options) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : options) keywords.push_back(keyword.c_str()), values.push_back(value.c_str());
  keywords.push_back(nullptr), values.push_back(nullptr);
  constexpr int kUrlInDatabaseName = 1;
  return PQconnectStartParams(keywords.data(), values.data(), kUrlInDatabaseName);
}

void drop_notice(void* /*nobody*/, const PGresult* /*notice*/) {}

}  // namespace

Connection::Connection(const std::string& url, Resolver& resolver, const Deadline& deadline)
    : connection_(start(connect_options(url, resolver, deadline))),
      deadline_(&deadline) {
  PGconn* connection = connection_.get();
  if (connection == nullptr || PQstatus(connection) == CONNECTION_BAD) lose();
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(connection)) {
    if (state == PGRES_POLLING_FAILED) lose();
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!deadline_->wait_for(PQsocket(connection), events)) lose();
  }
  PQsetNoticeReceiver(connection, drop_notice, nullptr);
  if (PQsetnonblocking(connection, 1) != 0) lose();
}

void Connection::lose() {
  broken_ = true;
  const std::string message = connection_ ? PQerrorMessage(connection_.get()) : "";
  throw Failure(Fault::lost, "", "", message.empty() ? "no answer in time" : message);
}

bool Connection::flush() {
  PGconn* connection = connection_.get();
  while (true) {
    const int left = PQflush(connection);
    if (left <= 0) return left == 0;
    // Read while writing, or both sides may wait for the other's buffer to drain (libpq, "PQflush").
    if (!deadline_->wait_for(PQsocket(connection), POLLIN | POLLOUT)) return false;
    if (PQconsumeInput(connection) == 0) return false;
  }
}

bool Connection::arrived() {
  PGconn* connection = connection_.get();
  while (PQisBusy(connection) != 0) {
    if (!deadline_->wait_for(PQsocket(connection), POLLIN)) return false;
    if (PQconsumeInput(connection) == 0 && PQisBusy(connection) != 0) return false;
  }
  return true;
}

Rows Connection::answer() {
  if (!flush()) lose();
  std::optional<Rows> last;
  while (true) {
    if (!arrived()) lose();
    PGresult* result = PQgetResult(connection_.get());
    if (result == nullptr) break;
    const bool failed = last && PQresultStatus(last->raw()) == PGRES_FATAL_ERROR;
    if (Rows next(result); !failed) last.emplace(std::move(next));
  }
  if (!last) lose();
  const auto status = PQresultStatus(last->raw());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return *std::move(last);
  auto sqlstate = field_of(last->raw(), PG_DIAG_SQLSTATE);
  if (says_goodbye(sqlstate) || PQstatus(connection_.get()) != CONNECTION_OK) lose();
  throw Failure(Fault::refused, std::move(sqlstate), field_of(last->raw(), PG_DIAG_CONSTRAINT_NAME),
                field_of(last->raw(), PG_DIAG_MESSAGE_PRIMARY));
}

const std::string& Connection::prepared(std::string_view sql, const Params& params) {
  std::string text(sql);
  if (const auto found = prepared_.find(text); found != prepared_.end()) return found->second;
  std::vector<Oid> types;
  for (const auto& value : params.values()) types.push_back(value.type);
  std::string name = "s" + std::to_string(prepared_.size());
  if (PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()) == 0) lose();
  answer();
  return prepared_.emplace(std::move(text), std::move(name)).first->second;
}

Rows Connection::run(std::string_view sql, const Params& params) {
  const auto& name = prepared(sql, params);
  constexpr int kBinary = 1;
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& value : params.values()) {
    values.push_back(value.null ? nullptr : value.bytes.data());
    lengths.push_back(static_cast<int>(value.bytes.size()));
  }
  const std::vector<int> formats(values.size(), kBinary);
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(), lengths.data(),
                          formats.data(), kBinary) == 0)
    lose();
  return answer();
}

Rows Connection::script(const std::string& sql) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) lose();
  return answer();
}

}  // namespace belfry::postgres
