#include "gateway/json/call_fields.hpp"

#include <string>
#include <vector>

#include "base/uuid.hpp"

namespace belfry::gateway {

Expected<account::UserId, std::string_view> only_recipient(json::Slice list) {
  std::vector<json::Slice> ids;
  if (list.kind != json::Kind::array) return unexpected(std::string_view("invalid"));
  if (!json::elements(list, ids, 1)) return unexpected(std::string_view("not_supported"));
  const auto text = ids.empty() ? std::nullopt : json::string_value(ids.front());
  const auto id = text ? parse_uuid(*text) : std::nullopt;
  if (!id) return unexpected(std::string_view("invalid"));
  return account::UserId(*id);
}

}  // namespace belfry::gateway
