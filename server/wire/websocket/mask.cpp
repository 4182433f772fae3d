#include "wire/websocket/mask.hpp"

#include <cstdint>
#include <cstring>

namespace belfry::websocket {

void apply_mask(MutableBytes payload, const MaskKey& key) {
  // The key twice, as one word in memory order, so that this is right on either endianness. memcpy is how C++ spells an
  // unaligned load; a frame starts wherever the one before it ended.
  std::uint64_t word_key = 0;
  std::memcpy(&word_key, key.data(), key.size());
  std::memcpy(reinterpret_cast<std::byte*>(&word_key) + key.size(), key.data(), key.size());

  std::byte* at = payload.data();
  std::size_t left = payload.size();
  for (; left >= sizeof(word_key); at += sizeof(word_key), left -= sizeof(word_key)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    word ^= word_key;
    std::memcpy(at, &word, sizeof(word));
  }
  for (std::size_t i = 0; i < left; ++i) at[i] ^= key[i % key.size()];
}

}  // namespace belfry::websocket
