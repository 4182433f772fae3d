#include "net/tls.hpp"

#include <openssl/err.h>

#include <string_view>

namespace belfry::net {
namespace {

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, chosen_size, ours, sizeof ours - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 3.2
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

std::string with_reason(const std::string& advice) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? advice + " (" + reason + ")" : advice;
}

enum class Wait : std::uint8_t { retry, end, fail };

/// Every OpenSSL call below must be preceded by ERR_clear_error(): a stale entry of another connection on this thread would
/// be taken for this one's.
Wait why(SSL* tls, int result) {
  switch (SSL_get_error(tls, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return Wait::retry;
    case SSL_ERROR_ZERO_RETURN:
      return Wait::end;
    default:
      return Wait::fail;
  }
}

}  // namespace

Expected<TlsContext, std::string> make_tls_context(const TlsFiles& files) {
  TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (!context) return unexpected(with_reason("OpenSSL cannot start: check the machine's openssl.cnf"));
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Tickets carry the session; a cache would be a lock between shards and memory per client.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  constexpr unsigned char session_context[] = "belfry";
  SSL_CTX_set_session_id_context(raw, session_context, sizeof session_context - 1);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  // One recv() for several records instead of two per record.
  SSL_CTX_set_read_ahead(raw, 1);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1)
    return unexpected(with_reason("cannot use the TLS certificate " + files.certificate + ": give a readable PEM file"));
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unexpected(with_reason("cannot use the TLS key " + files.key + ": give the certificate's key as a readable PEM file"));
  return context;
}

TlsPtr start_tls(SSL_CTX* context, int descriptor) {
  ERR_clear_error();
  TlsPtr tls(SSL_new(context));
  if (!tls || SSL_set_fd(tls.get(), descriptor) != 1) return nullptr;
  SSL_set_accept_state(tls.get());
  return tls;
}

HandshakeProgress shake_hands(SSL* tls) {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls);
  if (result == 1) return HandshakeProgress::done;
  return why(tls, result) == Wait::retry ? HandshakeProgress::waiting : HandshakeProgress::failed;
}

Received receive_tls(SSL* tls, MutableBytes room) {
  std::size_t total = 0;
  while (total < room.size()) {
    std::size_t got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(tls, room.data() + total, room.size() - total, &got);
    total += got;
    if (result == 1) continue;
    switch (why(tls, result)) {
      case Wait::retry:
        return {total, After::drained};
      case Wait::end:
        return {total, After::ended};
      case Wait::fail:
        return {total, After::failed};
    }
  }
  return {total, After::more};
}

Sent send_tls(SSL* tls, Bytes bytes) {
  std::size_t total = 0;
  while (total < bytes.size()) {
    std::size_t sent = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(tls, bytes.data() + total, bytes.size() - total, &sent);
    total += sent;
    if (result == 1) continue;
    return {total, why(tls, result) != Wait::retry};
  }
  return {total, false};
}

void end_tls(SSL* tls) {
  ERR_clear_error();
  SSL_shutdown(tls);
}

}  // namespace belfry::net
