// Slab<T>: a growing table of slots, each with a generation that distinguishes its present tenant from the one before. Ids made
// of (slot, generation) are safe to keep and to send away: a stale one finds nothing. Chunked, so growth never moves a tenant.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace belfry::protocol {

template <class T>
class Slab {
 public:
  struct Ref {
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;  // 0: none
    [[nodiscard]] explicit operator bool() const { return generation != 0; }
    friend bool operator==(const Ref&, const Ref&) = default;
  };

  Ref insert() {
    std::uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(size_++);
      if (slot / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<std::array<Slot, kChunk>>());
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    Slot& place = at(slot);
    place.used = true;
    ++count_;
    return {slot, place.generation};
  }

  void erase(std::uint32_t slot) {
    Slot& place = at(slot);
    place.value = T{};
    place.used = false;
    if (++place.generation == 0) place.generation = 1;
    free_.push_back(slot);
    --count_;
  }

  /// nullptr when the tenant has gone.
  [[nodiscard]] T* find(Ref ref) {
    if (ref.slot >= size_) return nullptr;
    Slot& place = at(ref.slot);
    return place.used && place.generation == ref.generation ? &place.value : nullptr;
  }
  /// The present tenant of a slot, of any generation; nullptr when empty.
  [[nodiscard]] T* tenant(std::uint32_t slot) {
    if (slot >= size_) return nullptr;
    Slot& place = at(slot);
    return place.used ? &place.value : nullptr;
  }
  [[nodiscard]] T& operator[](std::uint32_t slot) { return at(slot).value; }
  [[nodiscard]] Ref ref(std::uint32_t slot) { return {slot, at(slot).generation}; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// One past the highest slot ever used.
  [[nodiscard]] std::size_t capacity() const { return size_; }

  template <class Visit>
  void for_each(Visit&& visit) {
    for (std::uint32_t slot = 0; slot < size_; ++slot)
      if (Slot& place = at(slot); place.used) visit(Ref{slot, place.generation}, place.value);
  }

 private:
  static constexpr std::size_t kChunk = 512;
  struct Slot {
    T value{};
    std::uint32_t generation = 1;
    bool used = false;
  };
  [[nodiscard]] Slot& at(std::uint32_t slot) { return (*chunks_[slot / kChunk])[slot % kChunk]; }

  std::vector<std::unique_ptr<std::array<Slot, kChunk>>> chunks_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace belfry::protocol
