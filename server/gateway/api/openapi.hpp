// The API's description, generated from the table that the router uses: OpenAPI 3.1 for programs, a page for people (R-001-97).
// So it cannot describe what is not served (R-001-84).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// Every documented operation with its parameters, body, answers and error codes.
[[nodiscard]] std::string openapi_json(const Operations& operations, std::string_view version);
/// The same as one HTML page that loads nothing and runs no script.
[[nodiscard]] std::string docs_page(const Operations& operations, std::string_view version);
/// GET /api/openapi.json and GET /docs, which describe `about`.
[[nodiscard]] Operations document_operations(const Operations& about, std::string_view version);

/// Every error that the router or the operation may answer, each once, sorted by status.
[[nodiscard]] std::vector<ApiError> errors_of(const Operation& operation);
[[nodiscard]] bool takes_body(const Operation& operation);
/// The JSON Schema of one field.
[[nodiscard]] std::string schema_of(const Field& field);

/// A form of answer that Operation::data names, or that another one refers to.
struct NamedSchema {
  std::string_view name;
  std::string_view json_schema;
};
[[nodiscard]] std::span<const NamedSchema> named_schemas();

}  // namespace belfry::gateway
