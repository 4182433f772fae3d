// ApiCall: one request to an operation: its parameters, its user, and its one answer. It owns its texts, so that an operation may
// answer later, on the same shard.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/accounts/identity.hpp"
#include "app/limits/reads_in_flight.hpp"
#include "base/must_have.hpp"
#include "gateway/api/operation.hpp"
#include "gateway/json/errors.hpp"
#include "protocol/http_handler.hpp"
#include "store/call_store.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

class ApiCall {
 public:
  using Answer = protocol::HttpAnswer;

  // --- the request ---
  [[nodiscard]] Uuid id(std::string_view parameter) const;  // of the path
  [[nodiscard]] bool has(std::string_view field) const;
  /// The body has it, as null; to has() that is the same as absent.
  [[nodiscard]] bool is_null(std::string_view field) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view field) const;
  [[nodiscard]] std::optional<Uuid> uuid(std::string_view field) const;
  /// nullopt: not an array of at most kMaxUuids ids.
  [[nodiscard]] std::optional<std::vector<Uuid>> uuids(std::string_view field) const;
  /// A group has up to 999 others (J-1.1), and a request may repeat some.
  static constexpr std::size_t kMaxUuids = 4000;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view field) const;
  [[nodiscard]] std::optional<WallTime> time(std::string_view field) const;
  // For a required field only: validation has checked that it is there and of the right kind.
  [[nodiscard]] std::string required_text(std::string_view field) const {
    return must_have(text(field), "a required text is there");
  }
  [[nodiscard]] Uuid required_uuid(std::string_view field) const { return must_have(uuid(field), "a required id is there"); }
  [[nodiscard]] std::int64_t required_integer(std::string_view field) const {
    return must_have(integer(field), "a required number is there");
  }
  [[nodiscard]] bool flag(std::string_view field) const;
  /// The JSON as written; empty if absent or null.
  [[nodiscard]] std::string raw(std::string_view field) const;
  [[nodiscard]] json::Slice slice(std::string_view field) const;
  /// Adds a member of the body; of several with one name the last one counts.
  void set(std::string_view field, json::Slice value);

  // --- the answer: call exactly one of these, once ---
  void succeed(std::string_view data, std::string_view message = {});
  void succeed(int status, std::string_view data, std::string_view message = {});
  void fail(ApiError error) { fail(Failure{.error = error}); }
  void fail(Failure failure);
  /// With another status than the table's.
  void fail(Failure failure, int status);
  void fail_field(std::string_view field, std::string_view issue);
  void answer(Answer answer);
  /// Repeats the answer given earlier to this request (Idempotency-Key).
  void replay(int status, std::string body);
  /// Adds a header to the answer, whatever it will be.
  void add_header(std::string name, std::string value) { headers_.emplace_back(std::move(name), std::move(value)); }

  const Operation* operation = nullptr;
  accounts::Identity who{};             // set if the request has a session, and the operation asks for one
  bool presented = false;               // the request carries a credential, valid or not
  std::optional<Failure> no_session{};  // with Auth::optional: why the request has none
  /// Whose credential comes along with a log-in (Operation::notes_previous).
  std::optional<accounts::Identity> previous{};
  std::string request_id{};
  std::string address{};  // of the client, for limits
  bool secure = false;    // the request came over TLS
  std::string user_agent{};
  std::string range{}, if_range{}, if_none_match{};  // headers of a request that reads
  WallTime now{};
  TimePoint received{};  // the same, for limits
  std::optional<store::IdempotencyClaim> claim{};
  bool answer_kept = false;                    // the answer is in the store already
  std::optional<ApiError> failed_with{};       // set by fail()
  std::optional<store::CallId> made_before{};  // a call made with the same Idempotency-Key, whose answer was lost
  std::string body{};                          // the slices are views of it
  /// The file of a form.
  struct Upload {
    std::string field{}, name{}, bytes{};
  };
  std::optional<Upload> upload{};
  std::deque<std::string> form_texts{};  // the slices of a form are views of them
  std::vector<std::pair<std::string, Uuid>> parameters{};
  std::string named_user{};                                        // kUserParameter, if the path has it
  std::vector<std::pair<std::string_view, json::Slice>> fields{};  // members of the body that the operation knows
  std::vector<std::string_view> unknown{};                         // names of the other members, as written
  std::vector<std::pair<std::string, std::string>> query{};
  std::function<void(Answer)> reply{};
  limits::ReadsInFlight::OpenRead open_read{};  // counts this request among its user's open reads

 private:
  std::vector<std::pair<std::string, std::string>> headers_{};
};
using ApiCallPtr = std::shared_ptr<ApiCall>;

}  // namespace belfry::gateway
