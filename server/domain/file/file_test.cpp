// SPEC K48: what becomes of the names of files.
#include "domain/file/file.hpp"

#include <gtest/gtest.h>

namespace belfry::file {
namespace {

TEST(FileName, KeepsNoFolder) {
  EXPECT_EQ(clean_name("report.pdf"), "report.pdf");
  EXPECT_EQ(clean_name("/etc/passwd"), "passwd");
  EXPECT_EQ(clean_name("..\\..\\boot.ini"), "boot.ini");
  EXPECT_EQ(clean_name("a/../../b.png"), "b.png");
}

TEST(FileName, LosesControlCharactersAndBrokenText) {
  EXPECT_EQ(clean_name(std::string_view("a\r\nSet-Cookie: x\0.png", 21)), "aSet-Cookie: x.png");
  EXPECT_EQ(clean_name("a\x7F\xC2\x85"
                       "b"),
            "ab");
  EXPECT_EQ(clean_name("a\xFF\xC3.png"), "a.png");
  EXPECT_EQ(clean_name("photo\xE2\x80\xAEgpj.exe"), "photogpj.exe");
}

TEST(FileName, ThatSaysNothingIsFile) {
  for (const std::string_view name : {"", "/", ".", "..", "   ", "\\\\", "\x01"}) EXPECT_EQ(clean_name(name), "file") << name;
  EXPECT_EQ(clean_name(".htaccess"), "htaccess");
}

TEST(FileName, EndsBehindAWholeCharacter) {
  std::string given;
  for (int i = 0; i < 200; ++i) given += "\xE2\x82\xAC";  // three bytes each
  EXPECT_EQ(clean_name(given).size(), kMaxName);
  given.insert(0, "x");
  EXPECT_EQ(clean_name(given).size(), 253U);
}

}  // namespace
}  // namespace belfry::file
