#include "wire/json/writer.hpp"

#include <gtest/gtest.h>

namespace belfry::json {
namespace {

TEST(Writer, SetsCommasBetweenMembersAndElementsOnly) {
  std::string out;
  Writer json(out);
  json.open_object().member("a", std::int64_t{1}).key("b").open_array().text("x\"y").null().real(0.5).close_array();
  json.key("c").open_object().close_object().member("d", true).member_or_null("e", "").close_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x\"y",null,0.5],"c":{},"d":true,"e":null})");
}

TEST(Writer, WrittenMembersCanBePartOfAnyObject) {
  std::string some, all;
  Writer(some).member("b", true).key("c").open_array().close_array();
  Writer json(all);
  json.open_object().members("").member("a", std::int64_t{1}).members(some).members("").member("d", "x").close_object();
  EXPECT_EQ(all, R"({"a":1,"b":true,"c":[],"d":"x"})");
}

}  // namespace
}  // namespace belfry::json
