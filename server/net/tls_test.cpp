#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>

#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using protocol::ConnectionId;

/// A self-signed certificate and its key in a folder of their own.
class SelfSigned {
 public:
  SelfSigned() {
    std::string pattern = (std::filesystem::temp_directory_path() / "belfry-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    write(files().certificate, [&](FILE* file) { return PEM_write_X509(file, certificate); });
    write(files().key, [&](FILE* file) { return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~SelfSigned() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] TlsFiles files() const { return {(folder_ / "cert.pem").string(), (folder_ / "key.pem").string()}; }

 private:
  template <class Write>
  static void write(const std::string& path, Write&& contents) {
    FILE* file = std::fopen(path.c_str(), "w");
    contents(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

/// A TLS client on a blocking socket.
class TlsPeer {
 public:
  explicit TlsPeer(std::uint16_t port, int receive_buffer = 0)
      : peer_(port, nullptr, receive_buffer),
        context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    ::setsockopt(peer_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    tls_.reset(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), peer_.descriptor());
  }
  bool connect(std::string_view protocols = "") {
    if (!protocols.empty())
      SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    return SSL_connect(tls_.get()) == 1;
  }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }
  void send(std::string_view text) {
    std::size_t written = 0;
    SSL_write_ex(tls_.get(), text.data(), text.size(), &written);
  }
  std::string receive(std::size_t size) {
    std::string received(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      std::size_t got = 0;
      if (SSL_read_ex(tls_.get(), received.data() + have, size - have, &got) != 1) break;
      have += got;
    }
    received.resize(have);
    return received;
  }
  /// close_notify has come.
  bool was_ended_in_order() {
    char byte = 0;
    return SSL_get_error(tls_.get(), SSL_read(tls_.get(), &byte, 1)) == SSL_ERROR_ZERO_RETURN;
  }

 private:
  Peer peer_;
  TlsContext context_;
  TlsPtr tls_;
};

class Tls : public testing::Test {
 protected:
  ServerConfig config(unsigned threads = 1) const {
    ServerConfig with_tls = with_threads(threads);
    with_tls.tls = certificate.files();
    return with_tls;
  }
  SelfSigned certificate;
};

TEST_F(Tls, EchoesAndReportsASecureConnectionToTheHandler) {
  std::atomic<bool> secure{false};
  const Running running(config(), [&](Scripted& handler) {
    handler.opened = [&](ConnectionId, const protocol::ConnectionFacts& facts) {
      secure = facts.secure && !facts.should_be_secure && facts.address[12] == 127;
    };
  });
  TlsPeer peer(running.port());
  ASSERT_TRUE(peer.connect(std::string_view("\x02h2\x08http/1.1")));
  EXPECT_EQ(peer.protocol(), "http/1.1");
  peer.send("secret");
  EXPECT_EQ(peer.receive(6), "secret");
  EXPECT_TRUE(secure);
}

TEST_F(Tls, RefusesAPeerThatWantsAnotherProtocolThanHttp11) {
  const Running running(config());
  TlsPeer peer(running.port());
  EXPECT_FALSE(peer.connect(std::string_view("\x02h2")));
  ERR_clear_error();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0 && running.stats().handshakes_failed == 1; }));
}

TEST_F(Tls, SendsALargeOutputThroughPartialWritesAndClosesInOrder) {
  const Running running(
      config(), [](Scripted& handler) { answer_and_close(handler, std::string(3'000'000, 's'), protocol::Ending::after_flush); });
  TlsPeer peer(running.port(), 8192);
  ASSERT_TRUE(peer.connect());
  peer.send("!");
  EXPECT_TRUE(peer.receive(3'000'000) == std::string(3'000'000, 's'));
  EXPECT_TRUE(peer.was_ended_in_order());
}

TEST_F(Tls, ReceivesALargeInputInManyRecords) {
  const Running running(config());
  TlsPeer peer(running.port());
  ASSERT_TRUE(peer.connect());
  const std::string text(700'000, 'r');
  peer.send(text);
  EXPECT_TRUE(peer.receive(text.size()) == text);
}

TEST_F(Tls, PlainBytesAreFlaggedAndServedPlain) {
  std::atomic<bool> flagged{false};
  const Running running(config(), [&](Scripted& handler) {
    handler.opened = [&](ConnectionId, const protocol::ConnectionFacts& facts) {
      flagged = facts.should_be_secure && !facts.secure && facts.address[12] == 127;
    };
  });
  const Peer peer(running.port());
  peer.send("GET / HTTP/1.1");
  EXPECT_EQ(peer.receive(14), "GET / HTTP/1.1");
  EXPECT_TRUE(flagged);
}

TEST_F(Tls, ASilentPeerAndOneThatStopsInTheHandshakeAreClosedAtTheDeadline) {
  auto short_time = config();
  short_time.handshake_deadline = 50ms;
  std::atomic<int> known{0};
  const Running running(short_time, [&](Scripted& handler) {
    handler.opened = [&](ConnectionId, const protocol::ConnectionFacts&) { ++known; };
    handler.closed = [&](ConnectionId) { ++known; };
  });
  const Peer silent(running.port());
  const Peer stopped(running.port());
  stopped.send("\x16\x03\x01");
  EXPECT_TRUE(silent.was_ended());
  EXPECT_TRUE(stopped.was_ended());
  EXPECT_EQ(known, 0);
}

TEST_F(Tls, AConnectionIsHandedOverInBothDescriptorModes) {
  for (const bool private_descriptors : {false, true}) {
    if (private_descriptors && !kPrivateTablesAreUnderstood) continue;
    auto two = config(2);
    two.private_descriptors = private_descriptors;
    const Running running(two, [](Scripted& handler) {
      handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
        auto& link = handler.context.link;
        if (input[0] == std::byte{'>'}) {
          link.output(id).append("<");
          link.hand_over(id, static_cast<ShardIndex>(1 - handler.context.index), input.subspan(1));
          return std::size_t{0};
        }
        link.output(id).append(as_text(input));
        return input.size();
      };
    });
    for (int i = 0; i < 8; ++i) {
      TlsPeer peer(running.port());
      ASSERT_TRUE(peer.connect());
      peer.send(">>over");
      EXPECT_EQ(peer.receive(6), "<<over");
      peer.send("again");
      EXPECT_EQ(peer.receive(5), "again");
    }
  }
}

TEST(TlsFiles, ThatCannotBeUsedAreNamedInTheError) {
  const auto made = make_tls_context({"/nowhere/cert.pem", "/nowhere/key.pem"});
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().find("/nowhere/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace belfry::net
