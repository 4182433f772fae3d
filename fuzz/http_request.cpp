// A head is complete only as a whole; its views are inside the input; and the body reader never claims more bytes than there are.
#include <cstdint>
#include <cstdlib>

#include "wire/http/request.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_views(const http::Request& request, std::string_view input) {
  const auto inside = [&](std::string_view view) {
    return view.empty() || (view.data() >= input.data() && view.data() + view.size() <= input.data() + input.size());
  };
  for (const http::Header& header : request.all_headers()) {
    expect(inside(header.name) && inside(header.value));
    expect(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  expect(request.path == "/" || inside(request.path));
  expect(inside(request.query));
}

/// Reading byte by byte gives the same result as reading all at once.
void check_pieces(std::string_view input, const http::Limits& limits, const Expected<http::Body, http::Refusal>& all_at_once) {
  http::Progress progress;
  http::Request request;
  for (std::size_t shown = 0; shown <= input.size(); ++shown) {
    const Bytes bytes = as_bytes(input.substr(0, shown));
    if (progress.head_size == 0) {
      const auto head = http::read_head(bytes, limits, request, progress);
      if (!head) return;  // a long method is refused before its line ends
      if (!*head) continue;
    }
    const auto complete = http::body_is_complete(bytes, limits, progress);
    if (!complete) return expect(!all_at_once);
    if (!*complete) continue;
    std::string scratch;
    const auto body = http::read_body(bytes, limits, scratch, progress);
    return expect(body && all_at_once && all_at_once->complete && body->consumed == all_at_once->consumed &&
                  as_text(body->body) == as_text(all_at_once->body));
  }
  expect(!all_at_once || !all_at_once->complete);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const http::Limits limits{.max_head = 2048, .max_target = 512, .max_headers = 16, .max_body = 4096};
  http::Request request;
  http::Progress whole;
  const auto head = http::read_head(as_bytes(input), limits, request, whole);
  if (!head || !*head) return 0;
  expect(request.head_size <= size);
  check_views(request, input);
  for (std::size_t shorter = 0; shorter < request.head_size; ++shorter) {
    http::Request none;
    const auto early = http::read_head(as_bytes(input.substr(0, shorter)), limits, none);
    expect(!early || !*early);
  }
  std::string scratch;
  const auto body = http::read_body(as_bytes(input), limits, scratch, whole);
  if (body && body->complete) expect(body->consumed <= size - request.head_size && body->body.size() <= limits.max_body);
  check_pieces(input, limits, body);
  (void)http::query_value(request.query, "sid");
  (void)http::decode_path(request.path);
  return 0;
}
