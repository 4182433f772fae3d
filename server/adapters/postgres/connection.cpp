#include "adapters/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <iterator>

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

bool succeeded(const Rows& rows) {
  const auto status = PQresultStatus(rows.raw());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
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
  if (!succeeded(*last)) fail(*last);
  return *std::move(last);
}

void Connection::fail(const Rows& refused) {
  auto sqlstate = field_of(refused.raw(), PG_DIAG_SQLSTATE);
  if (says_goodbye(sqlstate) || PQstatus(connection_.get()) != CONNECTION_OK) lose();
  throw Failure(Fault::refused, std::move(sqlstate), field_of(refused.raw(), PG_DIAG_CONSTRAINT_NAME),
                field_of(refused.raw(), PG_DIAG_MESSAGE_PRIMARY));
}

void Connection::prepare(std::string_view sql, const Params& params) {
  if (prepared_.contains(sql)) return;
  const std::string text(sql);
  std::vector<Oid> types;
  for (const auto& value : params.values()) types.push_back(value.type);
  std::string name = "s" + std::to_string(prepared_.size());
  if (PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()) == 0) lose();
  answer();
  prepared_.emplace(text, std::move(name));
}

void Connection::send(std::string_view sql, const Params& params) {
  const auto& name = prepared_.find(sql)->second;
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
}

Rows Connection::run(std::string_view sql, const Params& params) {
  if (!posted_.empty()) return std::move(run_all({{sql, params}}).front());
  prepare(sql, params);
  send(sql, params);
  return answer();
}

std::vector<Rows> Connection::run_all(std::vector<Statement> asked) {
  std::vector<Statement> all = std::exchange(posted_, {});
  const std::size_t posted = all.size();
  std::move(asked.begin(), asked.end(), std::back_inserter(all));
  // First, and each alone: in the pipeline, a preparation would be skipped like all else behind a statement that fails.
  for (const auto& [sql, params] : all) prepare(sql, params);
  if (PQenterPipelineMode(connection_.get()) == 0) lose();
  for (const auto& [sql, params] : all) send(sql, params);
  if (PQpipelineSync(connection_.get()) == 0 || !flush()) lose();
  std::vector<Rows> answers;
  std::optional<Rows> failed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Rows next = answer_in_pipeline();
    if (!failed && !succeeded(next)) {
      failed.emplace(std::move(next));
    } else if (i >= posted) {
      answers.push_back(std::move(next));
    }
  }
  end_pipeline();
  if (failed) fail(*failed);
  return answers;
}

/// Of one statement: a result, and then the end of its results.
Rows Connection::answer_in_pipeline() {
  if (!arrived()) lose();
  PGresult* result = PQgetResult(connection_.get());
  if (result == nullptr) lose();
  Rows rows(result);
  if (!arrived()) lose();
  if (PGresult* more = PQgetResult(connection_.get()); more != nullptr) {
    PQclear(more);
    lose();
  }
  return rows;
}

void Connection::end_pipeline() {
  if (!arrived()) lose();
  const Rows sync(PQgetResult(connection_.get()));
  if (PQresultStatus(sync.raw()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(connection_.get()) == 0) lose();
}

Rows Connection::script(const std::string& sql) {
  if (!posted_.empty()) run_all({});
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) lose();
  return answer();
}

}  // namespace belfry::postgres
