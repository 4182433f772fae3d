// Sec-WebSocket-Extensions (RFC 6455 9.1) and what RFC 7692 7.1 lets a client offer in it.
#include <algorithm>
#include <vector>

#include "wire/http/text.hpp"
#include "wire/websocket/deflate.hpp"

namespace belfry::websocket {

namespace {

struct Parameter {
  std::string_view name;
  std::optional<std::string> value;
};

struct Offer {
  std::string_view extension;
  std::vector<Parameter> parameters;
};

/// Reads the header from left to right. Each step returns nullopt or false, and takes nothing, where the grammar does not match.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) { skip_space(); }

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }

  std::optional<std::string_view> token() {
    const std::size_t size = static_cast<std::size_t>(std::ranges::find_if_not(rest_, http::is_token_character) - rest_.begin());
    if (size == 0) return std::nullopt;
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    skip_space();
    return found;
  }

  /// RFC 6455 9.1: a quoted value must be a token once its quotes and backslashes are gone.
  std::optional<std::string> quoted_token() {
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        skip_space();
        return value.empty() ? std::nullopt : std::optional(value);
      }
      if (rest_[i] == '\\' && ++i == rest_.size()) break;
      if (!http::is_token_character(rest_[i])) break;
      value.push_back(rest_[i]);
    }
    return std::nullopt;
  }

  std::optional<std::string> value() {
    if (rest_.starts_with('"')) return quoted_token();
    const auto plain = token();
    return plain ? std::optional<std::string>(*plain) : std::nullopt;
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

  std::string_view rest_;
};

std::optional<Offer> read_offer(Cursor& cursor) {
  Offer offer;
  const auto extension = cursor.token();
  if (!extension) return std::nullopt;
  offer.extension = *extension;
  while (cursor.take(';')) {
    const auto name = cursor.token();
    if (!name) return std::nullopt;
    Parameter& parameter = offer.parameters.emplace_back(Parameter{*name, std::nullopt});
    if (!cursor.take('=')) continue;
    parameter.value = cursor.value();
    if (!parameter.value) return std::nullopt;
  }
  return offer;
}

/// RFC 7692 7.1.2: 8 to 15, in decimal, without leading zeros.
bool is_window_bits(std::string_view value) {
  return value == "8" || value == "9" || (value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5');
}

bool accepts(const Parameter& parameter) {
  // RFC 7692 7.1.1.1, 7.1.1.2: these two have no value.
  if (parameter.name == "server_no_context_takeover" || parameter.name == "client_no_context_takeover") return !parameter.value;
  // 7.1.2.2: a hint of what we may ask for; we ask for nothing, our inflater takes any window.
  if (parameter.name == "client_max_window_bits") return !parameter.value || is_window_bits(*parameter.value);
  // 7.1.2.1: server_max_window_bits binds us to a smaller window, and zlib cannot do 8 bits raw. No browser sends it: declined.
  return false;
}

/// RFC 7692 7.1: a server MUST decline an offer with a parameter that it does not know, of a wrong value, or twice.
bool accepts(const Offer& offer) {
  if (offer.extension != "permessage-deflate") return false;
  std::vector<std::string_view> seen;
  for (const Parameter& parameter : offer.parameters) {
    if (!accepts(parameter) || std::ranges::find(seen, parameter.name) != seen.end()) return false;
    seen.push_back(parameter.name);
  }
  return true;
}

}  // namespace

std::optional<std::string> accept_deflate_offer(std::string_view extensions_header) {
  Cursor cursor(extensions_header);
  bool found = false;
  while (!cursor.at_end()) {
    if (cursor.take(',')) continue;  // RFC 9110 5.6.1.2: empty list elements are ignored
    const auto offer = read_offer(cursor);
    // A header that does not parse is not half believed: no extension at all.
    if (!offer || !(cursor.at_end() || cursor.take(','))) return std::nullopt;
    found = found || accepts(*offer);
  }
  if (!found) return std::nullopt;
  // RFC 7692 7.1.1: each message is compressed by itself, so that no connection keeps a window between two messages.
  return "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
}

}  // namespace belfry::websocket
