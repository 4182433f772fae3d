// Which client an address stands for, where clients are counted (limits): the connection's own address, or what a trusted proxy
// says it was.
#pragma once

#include <cstdint>
#include <string>

#include "session/http_handler.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

enum class Forwarded : bool { ignored, believed };
/// Of IPv6 the /64, since one host commands a whole one and could otherwise never reach a limit.
[[nodiscard]] std::string client_address(const http::Request& request, const session::ConnectionFacts& facts, Forwarded header);

}  // namespace belfry::gateway
