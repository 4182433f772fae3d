// Unread bytes: what the Handler was shown but has not used up, because the rest of a frame or request has not come. Exists only
// meanwhile. One allocation, header and bytes together; never zeroed, since recv() writes straight into it.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

#include "base/bytes.hpp"
#include "net/kept_bytes.hpp"

namespace belfry::net {

class Unread {
 public:
  struct Delete {
    void operator()(Unread* unread) const {
      unread->~Unread();
      ::operator delete(unread);
    }
  };
  using Ptr = std::unique_ptr<Unread, Delete>;

  [[nodiscard]] static Ptr make(std::size_t capacity, KeptBytes& kept) {
    return Ptr(new (::operator new(sizeof(Unread) + capacity)) Unread(capacity, kept));
  }
  [[nodiscard]] static Ptr copy_of(Bytes bytes, KeptBytes& kept) {
    Ptr unread = make(bytes.size(), kept);
    unread->assign(bytes);
    return unread;
  }

  [[nodiscard]] std::byte* begin() { return reinterpret_cast<std::byte*>(this + 1); }
  [[nodiscard]] MutableBytes bytes() { return {begin(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  void set_size(std::size_t size) { size_ = size; }

  /// `bytes` may lie inside this very buffer, and must fit.
  void assign(Bytes bytes) {
    std::memmove(begin(), bytes.data(), bytes.size());
    size_ = bytes.size();
  }

 private:
  Unread(std::size_t capacity, KeptBytes& kept) : size_(0), capacity_(capacity), share_(kept, capacity) {}
  std::size_t size_;
  std::size_t capacity_;
  KeptBytes::Share share_;
};

/// Keeps `rest` in `kept`, in the memory that is there if it fits without waste. `rest` may lie inside it.
inline void keep(Unread::Ptr& kept, Bytes rest, KeptBytes& all) {
  if (rest.empty()) return kept.reset();
  const bool fits = kept && rest.size() <= kept->capacity() && kept->capacity() <= 4 * rest.size() + 4096;
  if (fits) return kept->assign(rest);
  kept = Unread::copy_of(rest, all);
}

}  // namespace belfry::net
