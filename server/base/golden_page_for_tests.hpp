// Pages of docs/ that tests print from the code, docs/call-states.md for example: they cannot go stale.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace belfry::testing {

/// Is `page` what the code says `now`? With UPDATE_GOLDEN set, the page is written first. The path counts from the repository's
/// root, where ctest runs all tests.
inline void expect_page(const char* page, const std::string& now) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(page) << now;
  std::ostringstream stored;
  stored << std::ifstream(page).rdbuf();
  EXPECT_EQ(stored.str(), now) << page << " is out of date: run this test in the repository's root with UPDATE_GOLDEN=1, and "
                               << "read the difference";
}

}  // namespace belfry::testing
