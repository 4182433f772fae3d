// Files over HTTP (SPEC K48, K49): /api/files.
#pragma once

#include <cstddef>

#include "app/files/files.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

struct FileServices {
  files::Files& files;
  std::size_t max_bytes = files::FileLimits{}.max_bytes;
};

[[nodiscard]] Operations file_operations(const FileServices& services);

}  // namespace belfry::gateway
