// Reading a form costs in proportion to its size, also when it is full of what is nearly a boundary, or of parts' heads.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/multipart/multipart.hpp"

namespace belfry::multipart {
namespace {

TEST(MultipartCost, IsLinear) {
  const std::string boundary(70, '-');
  const std::string type = "multipart/form-data; boundary=" + boundary;
  for (const std::string& nasty : {"\r\n" + std::string(71, '-') + "x", std::string("\r\n"), std::string("a: b\r\n")}) {
    const auto make = [&](std::size_t count) {
      std::string body = "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n";
      while (body.size() < count) body += nasty;
      return body + "\r\n--" + boundary + "--";
    };
    const auto work = [&](const std::string& body) { static_cast<void>(parse(type, body)); };
    EXPECT_LT(testing::growth(8'000, make, work), testing::kStillLinear) << nasty;
  }
}

}  // namespace
}  // namespace belfry::multipart
