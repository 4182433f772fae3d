// How a file is answered over HTTP (SPEC K49): whole, a part of it (RFC 9110 14), or that the client has it already.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/http_handler.hpp"

namespace belfry::gateway {

/// Headers of a request, empty if absent.
struct Conditions {
  std::string_view range{}, if_range{}, if_none_match{};
};

struct ServedFile {
  std::string_view mime{};
  std::string_view name{};     // to save it under; empty: none
  std::string etag{};          // with its quotes
  std::string_view caching{};  // Cache-Control
  std::shared_ptr<const std::string> bytes{};
};

/// RFC 9110 13.1.2: weakly compared, and `*` is whatever there is. Then answer_file() needs no bytes.
[[nodiscard]] bool has_it_already(std::string_view if_none_match, std::string_view etag);

/// A type that could run script is sent as bytes to be saved. No type may load or run anything: its policy is a sandbox.
[[nodiscard]] protocol::HttpAnswer answer_file(const ServedFile& file, const Conditions& asked);

/// The value of Content-Disposition (RFC 6266, RFC 8187).
[[nodiscard]] std::string disposition(std::string_view kind, std::string_view name);

}  // namespace belfry::gateway
