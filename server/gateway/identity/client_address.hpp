// The client that an address belongs to, for limits: the address of the connection, or the one that a trusted proxy reports.
#pragma once

#include <string>

#include "protocol/http_handler.hpp"
#include "protocol/settings.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

using protocol::Forwarded;

/// For IPv6 the /64 network, because one host has a whole one and could otherwise avoid every limit.
[[nodiscard]] std::string client_address(const http::Request& request, const protocol::ConnectionFacts& facts, Forwarded header);

}  // namespace belfry::gateway
