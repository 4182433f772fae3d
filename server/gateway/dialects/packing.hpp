// Packer and Unpacker: plain values as bytes, for a socket that moves to another shard. They never leave the process, so there is
// no version and no byte order. Check whole() after reading: it is false if bytes are missing or left over.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace belfry::gateway {

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

}  // namespace belfry::gateway
