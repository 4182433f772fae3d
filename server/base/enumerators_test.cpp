#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "base/enumerators_for_tests.hpp"

namespace belfry::testing {
namespace {

enum class Colour : std::uint8_t { red, green = 5, blue };

TEST(Enumerators, AreAllThatHaveANameInTheOrderOfTheirValues) {
  EXPECT_THAT(enumerators<Colour>(), ::testing::ElementsAre(Colour::red, Colour::green, Colour::blue));
}

}  // namespace
}  // namespace belfry::testing
