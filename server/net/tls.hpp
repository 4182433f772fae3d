// TLS straight on the socket: OpenSSL reads and writes the descriptor itself (no BIO pair, no extra copy), and gives its
// record buffers back while a connection is idle. TLS 1.2 and up, ALPN http/1.1 (RFC 7301), stateless session tickets that
// every shard understands. Not here: when to shake hands and how long (shard_arrivals.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/expected.hpp"
#include "net/connection_table.hpp"
#include "net/transport.hpp"

namespace belfry::net {

/// PEM files: the certificate with its chain, and the private key.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// Shared by all shards; OpenSSL's own locks guard it.
using TlsContext = std::shared_ptr<SSL_CTX>;

/// The error says what to do about it.
[[nodiscard]] Expected<TlsContext, std::string> make_tls_context(const TlsFiles& files);

/// RFC 8446 5.1: a record of type handshake. Anything else is most likely plain HTTP.
constexpr std::byte kFirstByteOfTls{0x16};

/// nullptr when memory is short.
[[nodiscard]] TlsPtr start_tls(SSL_CTX* context, int descriptor);

enum class HandshakeProgress : std::uint8_t { done, waiting, failed };
[[nodiscard]] HandshakeProgress shake_hands(SSL* tls);

[[nodiscard]] Received receive_tls(SSL* tls, MutableBytes room);
[[nodiscard]] Sent send_tls(SSL* tls, Bytes bytes);
/// Sends close_notify, as far as the socket takes it.
void end_tls(SSL* tls);

}  // namespace belfry::net
