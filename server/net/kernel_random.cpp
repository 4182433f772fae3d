#include "net/kernel_random.hpp"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <algorithm>

#include "base/check.hpp"

namespace belfry::net {
namespace {

void from_kernel(MutableBytes out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    CHECK(got > 0, "the kernel gives random bytes");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

void KernelRandom::fill(MutableBytes out) {
  if (out.size() > pool_.size()) return from_kernel(out);
  if (pool_.size() - used_ < out.size()) {
    from_kernel(pool_);
    used_ = 0;
  }
  const auto fresh = std::span(pool_).subspan(used_, out.size());
  std::ranges::copy(fresh, out.begin());
  ::explicit_bzero(fresh.data(), fresh.size());
  used_ += out.size();
}

}  // namespace belfry::net
