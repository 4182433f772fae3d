#include "adapters/sql/user_columns.hpp"

namespace belfry::sql {

std::string contains_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern += '%';
}

std::string_view to_text(store::Change::Kind kind) {
  switch (kind) {
    case store::Change::Kind::user_profile:
      return "user_profile";
    case store::Change::Kind::login_revoked:
      return "login_revoked";
    case store::Change::Kind::user_status:
      break;
  }
  return "user_status";
}

store::Change::Kind change_kind(std::string_view text) {
  if (text == "user_profile") return store::Change::Kind::user_profile;
  if (text == "login_revoked") return store::Change::Kind::login_revoked;
  return store::Change::Kind::user_status;
}

}  // namespace belfry::sql
