#include "gateway/dialects/seat_state.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

namespace belfry::gateway {
namespace {

class Packer {
 public:
  template <class Value>
    requires std::is_trivially_copyable_v<Value>
  void put(const Value& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(std::string_view text) {
    put(text.size());
    out_.append(text);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view text) : rest_(text) {}
  template <class Value>
    requires std::is_trivially_copyable_v<Value>
  void get(Value& value) {
    if (!take(sizeof value)) return;
    std::memcpy(&value, taken_.data(), sizeof value);
  }
  void get_text(std::string& text) {
    std::size_t size = 0;
    get(size);
    if (take(size)) text = taken_;
  }
  [[nodiscard]] bool whole() const { return good_ && rest_.empty(); }

 private:
  bool take(std::size_t size) {
    good_ = good_ && size <= rest_.size();
    if (!good_) return false;
    taken_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  std::string_view rest_, taken_;
  bool good_ = true;
};

}  // namespace

std::string pack(const PackedSeat& packed) {
  Packer packer;
  packer.put(packed.speech);
  packer.put(packed.seat.session);
  packer.put_text(packed.seat.device);
  packer.put(packed.seat.identity != nullptr);
  if (const auto* identity = packed.seat.identity.get()) {
    packer.put(identity->user);
    packer.put_text(identity->username);
    packer.put(identity->role);
    packer.put(identity->login);
    packer.put(identity->expires);
    packer.put(identity->external);
  }
  packer.put_text(packed.dialect);
  return packer.take();
}

std::optional<PackedSeat> unpack(std::string_view text) {
  Unpacker unpacker(text);
  PackedSeat packed;
  std::string device;
  bool known = false;
  unpacker.get(packed.speech);
  unpacker.get(packed.seat.session);
  unpacker.get_text(device);
  unpacker.get(known);
  packed.seat.device = RareText(std::move(device));
  if (known) {
    accounts::Identity identity;
    unpacker.get(identity.user);
    unpacker.get_text(identity.username);
    unpacker.get(identity.role);
    unpacker.get(identity.login);
    unpacker.get(identity.expires);
    unpacker.get(identity.external);
    packed.seat.identity = std::make_unique<accounts::Identity>(std::move(identity));
  }
  unpacker.get_text(packed.dialect);
  if (!unpacker.whole()) return std::nullopt;
  return packed;
}

}  // namespace belfry::gateway
