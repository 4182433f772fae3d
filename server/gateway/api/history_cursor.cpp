#include "gateway/api/history_cursor.hpp"

#include <charconv>
#include <system_error>

#include "base/uuid.hpp"

namespace belfry::gateway {

std::string cursor_text(const store::Cursor& cursor) {
  return std::to_string(cursor.created.unix_ms) + "_" + to_text(cursor.id.value());
}

std::optional<store::Cursor> parse_cursor(std::string_view text) {
  const std::size_t split = text.find('_');
  if (split == std::string_view::npos) return std::nullopt;
  store::Cursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + split, cursor.created.unix_ms);
  const auto id = parse_uuid(text.substr(split + 1));
  if (error != std::errc{} || end != text.data() + split || !id) return std::nullopt;
  cursor.id = store::CallId(*id);
  return cursor;
}

}  // namespace belfry::gateway
