#include "gateway/web_client.hpp"

#include <array>
#include <string>
#include <utility>

#include "gateway/api/page_headers.hpp"
#include "gateway/page_paths.hpp"
#include "gateway/site.hpp"

namespace belfry::gateway {
namespace {

constexpr std::string_view kFolder = "app/";

/// The encodings of which the build makes files, the smallest first, and how the names of these end.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kEncodings = {{{"br", ".br"}, {"gzip", ".gz"}}};

bool is_encoded(std::string_view name) { return name.ends_with(".br") || name.ends_with(".gz"); }

/// What StaticFiles calls the client's file at this path of a request. nullopt: no path of a file.
std::optional<std::string> client_file(std::string_view path) {
  const auto name = file_name(path);
  return name && !is_encoded(*name) ? std::optional(std::string(kFolder) + *name) : std::nullopt;
}

/// S2, S16. Names in assets/ contain a hash of the content. Of what has a fixed address, a browser must notice a new version.
std::string_view caching_of(std::string_view name) {
  if (name.starts_with("app/assets/")) return "public, max-age=31536000, immutable";
  // client/ is for pages of others, which name its files without a hash (web/client).
  if (name.ends_with(".html") || name == "app/sw.js" || name.ends_with(".webmanifest") || name.starts_with("app/client/"))
    return "no-cache";
  return "public, max-age=86400";
}

/// RFC 9110 12.5.3: an encoding is sent only to those who name it without a weight. Programs that weigh encodings get the file as
/// it is. A part is of the file as it is, because few ask for one and those expect that.
protocol::HttpAnswer encoded_answer(const StaticFiles& files, const http::Request& request, const std::string& name,
                                    const StaticFile& file) {
  for (const auto& [encoding, ending] : kEncodings) {
    if (request.header("range") || !request.has_token("accept-encoding", encoding)) continue;
    const StaticFile* smaller = files.find(name + std::string(ending));
    if (smaller == nullptr) continue;
    auto answer = file_answer(request, *smaller, caching_of(name));
    answer.content_type = std::string(file.content_type);
    answer.headers.emplace_back("Content-Encoding", encoding);
    return answer;
  }
  return file_answer(request, file, caching_of(name));
}

}  // namespace

std::optional<protocol::HttpAnswer> WebClient::answer(const http::Request& request) const {
  if (!only_reads(request)) return std::nullopt;
  std::string name = client_file(request.path).value_or("");
  const StaticFile* file = files_.find(name);
  if (file == nullptr && asks_for_a_page(request)) {
    name = kPage;
    file = files_.find(name);
  }
  if (file == nullptr) return std::nullopt;
  auto answered = encoded_answer(files_, request, name, *file);
  answered.headers.emplace_back("Vary", "Accept-Encoding");
  answered.headers.emplace_back("Content-Security-Policy", kClientPolicy);
  if (name.ends_with(".html")) {
    answered.headers.emplace_back("Permissions-Policy", kPermissionsPolicy);
    answered.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  }
  return answered;
}

bool WebClient::has(std::string_view path) const {
  const auto name = client_file(path);
  return name && files_.find(*name) != nullptr;
}

}  // namespace belfry::gateway
