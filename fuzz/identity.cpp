// Whatever the headers, the chosen credential is a part of the input, by the one precedence; an Authorization header of another
// scheme changes nothing; a client's address is the forwarded one or the connection's; and a page goes only to a client that
// names text/html. The first byte chooses the parser, `|` separates its fields.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/accept.hpp"
#include "gateway/identity/client_address.hpp"
#include "gateway/identity/credential.hpp"

using namespace belfry;
using namespace belfry::gateway;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

std::string_view take_field(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('|'), rest.size());
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return field;
}

bool is_piece_of(std::string_view piece, std::string_view whole) {
  return piece.empty() || (piece.data() >= whole.data() && piece.data() + piece.size() <= whole.data() + whole.size());
}

void check_credential(std::string_view text) {
  const Carriers sent{.authorization = take_field(text), .cookies = take_field(text)};
  const Credential found = presented_credential(sent);
  expect(found.carrier != Carrier::handshake_token);
  expect(is_piece_of(found.token, found.carrier == Carrier::bearer ? sent.authorization : sent.cookies));
  const Credential of_cookie = presented_credential({.cookies = sent.cookies});
  if (found.carrier == Carrier::cookie) expect(of_cookie.token.data() == found.token.data());
  if (found.carrier == Carrier::none) expect(of_cookie.carrier == Carrier::none);
  const Credential behind_proxy = presented_credential({.authorization = "Basic YTpi", .cookies = sent.cookies});
  expect(behind_proxy.carrier == of_cookie.carrier && behind_proxy.token == of_cookie.token);
  const Credential said = presented_credential({"t", sent.authorization, sent.cookies});
  expect(said.carrier == Carrier::handshake_token && said.token == "t");
}

void check_cookie_use(std::string_view text, protocol::CorsPolicy::Loopback loopback) {
  const RequestSource source{.origin = take_field(text), .host = take_field(text), .fetch_site = text};
  const protocol::CorsPolicy policy{.allowed = {"https://app.example"}, .loopback = loopback};
  if (!may_use_cookie(source, policy)) return;
  const std::string_view origin = *source.origin;
  const bool is_loopback = origin.starts_with("http://localhost") || origin.starts_with("http://127.0.0.1");
  expect(origin == policy.allowed.front() || (!source.host.empty() ? origin.ends_with(source.host) : origin.ends_with("://")) ||
         (loopback == protocol::CorsPolicy::Loopback::own && is_loopback && origin.find('@') == std::string_view::npos));
}

void check_address(std::string_view text) {
  http::Request request;
  request.headers[0] = {"X-Forwarded-For", text};
  request.header_count = 1;
  const protocol::ConnectionFacts facts;
  const std::string own = client_address(request, facts, Forwarded::ignored);
  const std::string believed = client_address(request, facts, Forwarded::believed);
  expect(believed.size() == 16 || believed.size() == 8);
  expect(client_address({}, facts, Forwarded::believed) == own);
}

bool names_html(std::string_view text) {
  constexpr std::string_view kHtml = "text/html";
  const auto alike = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
  return std::search(text.begin(), text.end(), kHtml.begin(), kHtml.end(), alike) != text.end();
}

void check_accept(std::string_view text) {
  constexpr Weight kFull = 1000;
  http::Request request;
  request.headers[0] = {"Accept", text};
  request.header_count = 1;
  for (const std::string_view type : {"text/html", "application/json"})
    if (const auto weight = weight_of(request, type)) expect(*weight >= 0 && *weight <= kFull);
  if (wants_a_page(request)) expect(names_html(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'a')
    check_address(text);
  else if (data[0] == 'o')
    check_cookie_use(text, protocol::CorsPolicy::Loopback::foreign);
  else if (data[0] == 'l')
    check_cookie_use(text, protocol::CorsPolicy::Loopback::own);
  else if (data[0] == 'p')
    check_accept(text);
  else
    check_credential(text);
  return 0;
}
