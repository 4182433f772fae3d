// Whatever a client sends as a form: its parts are at most kMaxParts, each a view of the body, and none holds the boundary. The
// first line is the boundary.
#include "wire/multipart/multipart.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "domain/file/file.hpp"

using namespace belfry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view boundary = input.substr(0, line), body = input.substr(line + 1);
  const auto parts = multipart::parse("multipart/form-data; boundary=" + std::string(boundary), body);
  if (!parts) return 0;
  if (parts->size() > multipart::kMaxParts) std::abort();
  for (const multipart::Part& part : *parts) {
    const bool inside =
        part.content.data() >= body.data() && part.content.data() + part.content.size() <= body.data() + body.size();
    if (!inside) std::abort();
    const std::string name = file::clean_name(part.file_name.value_or(""));
    if (name.empty() || name.size() > file::kMaxName || name.find_first_of("/\\\r\n") != std::string::npos) std::abort();
    if (file::clean_name(name) != name) std::abort();
  }
  return 0;
}
