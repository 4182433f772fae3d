// multipart/form-data (RFC 7578), read from a body that is whole. Strict where two readers could differ about where a part ends:
// each boundary stands alone on its line. Pure; views of the body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace belfry::multipart {

struct Part {
  std::string name{};
  std::optional<std::string> file_name{};  // there: the part is a file; as its sender wrote it
  std::string_view content{};
};

/// no_boundary: the type is no multipart/form-data, or names no boundary (RFC 2046 5.1.1). malformed: the body does not have the
/// form. too_many: more than kMaxParts.
enum class Fault : std::uint8_t { no_boundary, malformed, too_many };

// Ours: a form of this server has five fields.
constexpr std::size_t kMaxParts = 16;

/// Whether a Content-Type says that the body is such a form.
[[nodiscard]] bool is_form(std::string_view content_type);

[[nodiscard]] Expected<std::vector<Part>, Fault> parse(std::string_view content_type, std::string_view body);

}  // namespace belfry::multipart
