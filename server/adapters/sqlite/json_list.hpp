// A list of texts as one parameter, for SQLite's json_each.
#pragma once

#include <string>
#include <vector>

#include "base/uuid.hpp"

namespace belfry::sqlite {

/// The texts need no escapes.
template <class Each, class Text>
std::string json_list(const std::vector<Each>& all, const Text& text_of) {
  std::string list = "[";
  for (const Each& each : all) list.append(list.size() == 1 ? "\"" : ",\"").append(text_of(each)).append("\"");
  return list.append("]");
}

/// Of ids.
template <class Id>
std::string json_list(const std::vector<Id>& ids) {
  return json_list(ids, [](const Id& id) { return to_text(id.value()); });
}

}  // namespace belfry::sqlite
