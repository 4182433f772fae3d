#include "store/audit_chain.hpp"

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/check.hpp"

namespace belfry::store {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// OpenSSL's one-shot SHA256() looks up the algorithm and creates a context each time, which costs more than the hash itself.
Context fresh_context() {
  Context context(EVP_MD_CTX_new());
  CHECK(context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1, "SHA-256 is not to be had");
  return context;
}

AuditHash sha256(std::string_view bytes) {
  thread_local const Context context = fresh_context();
  AuditHash digest{};
  const bool hashed = EVP_DigestInit_ex(context.get(), nullptr, nullptr) == 1 &&
                      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  CHECK(hashed, "SHA-256 failed");
  return digest;
}

class Preimage {
 public:
  explicit Preimage(std::size_t size) { bytes_.reserve(size); }
  void number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  }
  void text(std::string_view value) {  // with its length, so that different records never give the same bytes
    number(value.size());
    bytes_.append(value);
  }
  template <std::size_t N>
  void bytes(const std::array<std::uint8_t, N>& value) {
    bytes_.append(reinterpret_cast<const char*>(value.data()), N);
  }
  [[nodiscard]] AuditHash hash() const { return sha256(bytes_); }

 private:
  std::string bytes_;
};

constexpr std::size_t kFixedPart = 256;  // bytes of all fields except the payload, the device and a long type

}  // namespace

AuditHash audit_hash(const AuditHash& previous, const CallId& call, std::uint64_t call_seq, const AuditRecord& record) {
  Preimage preimage(kFixedPart + record.device.size() + record.payload.size());
  preimage.bytes(previous);
  preimage.bytes(call.value());
  preimage.number(call_seq);
  preimage.number(static_cast<std::uint64_t>(record.at.unix_ms));
  preimage.text(record.type);
  preimage.text(record.actor ? to_text(record.actor->value()) : std::string{});
  preimage.text(record.device);
  preimage.text(record.payload);
  return preimage.hash();
}

}  // namespace belfry::store
