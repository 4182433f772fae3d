// Every field of every route in every form that its table does not allow: absent, null, of another type. What an operation reads
// with must_have() ends the process where validation has a hole, so the whole table is driven, not examples of it.
#include "gateway/api/contract_scripts_for_tests.hpp"
#include "gateway/api/trial_routes.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;

class StillControls final : public TrialControls {
 public:
  [[nodiscard]] WallTime now() const override { return {}; }
  void advance(Duration, std::function<void()> done) override { done(); }
  void fail_commits(std::int64_t) override {}
  void fail_messages(std::int64_t) override {}
  void reset(std::function<void(bool)> done) override { done(true); }
};

std::string good_value(const Field& field) {
  switch (field.kind) {
    case FieldKind::uuid:
      return '"' + kNobody + '"';
    case FieldKind::text:
      if (!field.choices.empty()) return '"' + std::string(field.choices.back()) + '"';
      return field.name == "email" ? R"("eve@mail.example")" : R"("long-enough")";
    case FieldKind::time:
      return R"("2026-01-02T03:04:05Z")";
    case FieldKind::integer:
    case FieldKind::number:
      return std::to_string(std::max<std::int64_t>(field.min, 1));
    case FieldKind::boolean:
      return "true";
    case FieldKind::uuids:
      return "[\"" + kNobody + "\"]";
    case FieldKind::array:
      return "[]";
    case FieldKind::object:
    case FieldKind::description:
    case FieldKind::json:
      break;
  }
  return "{}";
}

/// One of each kind of JSON that the field is not.
std::vector<std::string> wrong_values(const Field& field) {
  switch (field.kind) {
    case FieldKind::uuid:
    case FieldKind::time:
      return {"true", "17", "[]", "{}", R"("")", R"("x")"};
    case FieldKind::text:
      return {"true", "17", "[]", "{}", R"(["x"])"};
    case FieldKind::integer:
      return {"true", "1.5", "1e400", "[]", "{}", R"("17")", R"("")", "99999999999999999999"};
    case FieldKind::number:
      return {"true", "[]", "{}", R"("1.5")"};
    case FieldKind::boolean:
      return {"0", "[]", "{}", R"("true")"};
    case FieldKind::uuids:
      return {"true", "17", "{}", R"("x")", R"(["x"])", "[17]", "[null]", '"' + kNobody + '"', "[\"{" + kNobody + "}\"]"};
    case FieldKind::array:
      return {"true", "17", "{}", R"("x")"};
    case FieldKind::object:
      return {"true", "17", "[]", R"("x")"};
    case FieldKind::description:  // W-003-01
      return {"true", "17", "[]", R"("")", R"("v=0\u0000")"};
    case FieldKind::json:
      break;
  }
  return {};
}

/// Has to be there: alone, or as the one of a choice which the bodies here make.
bool is_needed(const Operation& operation, const Field& field) {
  const auto first_of = [&](const auto& names) { return !names.empty() && names.front() == field.name; };
  return field.need == Need::required || first_of(operation.exactly_one) || first_of(operation.at_least_one);
}

using Members = std::map<std::string_view, std::string>;

Members good_members(const Operation& operation) {
  Members members;
  for (const Field& field : operation.body)
    if (is_needed(operation, field)) members[field.name] = good_value(field);
  return members;
}

std::string body_of(const Members& members) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  for (const auto& [name, value] : members) json.key(name).raw(value);
  json.close_object();
  return text;
}

class FieldForms : public ContractWorld {
 protected:
  protocol::HttpAnswer send(const Operation& operation, const Members& members) {
    std::string path(operation.path);
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
      path.replace(at, path.find('}') + 1 - at, kNobody);
    const Person eve =
        person("eve" + std::to_string(++people_), operation.auth == Auth::admin ? account::Role::admin : account::Role::user);
    pass(std::chrono::minutes{2});  // no limit is reached
    const auto answer = ask({.method = std::string(method_name(operation.method)),
                             .path = path,
                             .body = body_of(members),
                             .token = operation.auth == Auth::none ? std::string{} : eve.token});
    EXPECT_GE(answer.status, 200) << operation.id << ' ' << body_of(members);
    EXPECT_LT(answer.status, 500) << operation.id << ' ' << body_of(members) << ' ' << answer.body;
    return answer;
  }
  void expect_blamed(const Operation& operation, const Members& members, std::string_view field) {
    const auto answer = send(operation, members);
    EXPECT_EQ(answer.status, 400) << operation.id << ' ' << body_of(members) << ' ' << answer.body;
    const std::string key = operation.failure_body == nullptr ? R"("field":")" : R"("path":")";  // W-000-01
    EXPECT_THAT(answer.body, HasSubstr(key + std::string(field) + '"')) << operation.id << ' ' << body_of(members);
  }
  void drive(const Operation& operation) {
    const Members good = good_members(operation);
    EXPECT_NE(code_in(send(operation, good)), "VALIDATION_FAILED") << operation.id << ": the body that the others differ from";
    for (const Field& field : operation.body) {
      ++fields_;
      Members members = good;
      members.erase(field.name);
      if (is_needed(operation, field)) expect_blamed(operation, members, field.name);
      members[field.name] = "null";
      if (is_needed(operation, field))
        expect_blamed(operation, members, field.name);
      else
        (void)send(operation, members);
      for (const std::string& value : wrong_values(field)) {
        members[field.name] = value;
        if (field.need == Need::later) continue;  // refused whatever it is
        if (value == "1e400" || value.size() == 20)
          EXPECT_EQ(send(operation, members).status, 400) << "no number that a reader takes";
        else
          expect_blamed(operation, members, field.name);
      }
    }
  }
  void drive_all() {
    for (const Operation& operation : router_->operations())
      if (operation.method != http::Method::get && operation.method != http::Method::del) drive(operation);
    EXPECT_GT(fields_, 0);
  }

  int people_ = 0;
  int fields_ = 0;
};

TEST_F(FieldForms, EveryRouteRefusesARequiredFieldThatIsAbsentNullOrOfAnotherType) { drive_all(); }

TEST_F(FieldForms, EveryTrialRouteRefusesAFieldThatIsAbsentNullOrOfAnotherType) {
  StillControls controls;
  router_.emplace(settings_, ApiRouter::Ports{tokens_, stores_.accounts(), clock_, random_, log_, keys_, {}, &reads_},
                  trial_operations(controls));
  drive_all();
}

}  // namespace
}  // namespace belfry::gateway::testing
