#include "store/audit_chain.hpp"

#include <openssl/sha.h>

#include <string>
#include <string_view>

namespace belfry::store {
namespace {

class Preimage {
 public:
  void number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  }
  void text(std::string_view value) {  // with its length, so that no two records spell the same bytes
    number(value.size());
    bytes_.append(value);
  }
  template <std::size_t N>
  void bytes(const std::array<std::uint8_t, N>& value) {
    for (const auto byte : value) bytes_.push_back(static_cast<char>(byte));
  }
  [[nodiscard]] AuditHash hash() const {
    AuditHash digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size(), digest.data());
    return digest;
  }

 private:
  std::string bytes_;
};

}  // namespace

AuditHash audit_hash(const AuditHash& previous, const CallId& call, std::uint64_t call_seq, const AuditRecord& record) {
  Preimage preimage;
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
