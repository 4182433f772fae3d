// Counts allocations, for tests of what a path copies. Included by one file of a test program, since it replaces operator new for
// all of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace belfry::testing {

// Global, for operator new can be handed nothing.
inline thread_local std::size_t counted_size = SIZE_MAX;
inline thread_local std::size_t counted_allocations = 0;

/// How often `work` allocates `size` bytes or more in one piece, on this thread.
template <class Work>
std::size_t allocations_of(std::size_t size, const Work& work) {
  counted_size = size;
  counted_allocations = 0;
  work();
  counted_size = SIZE_MAX;
  return counted_allocations;
}

}  // namespace belfry::testing

// Not inlined, or the compiler sees free() where it expects delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (size >= belfry::testing::counted_size) ++belfry::testing::counted_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// Its own allocation, so that ours frees what ours gave, under AddressSanitizer too.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  if (size >= belfry::testing::counted_size) ++belfry::testing::counted_allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
