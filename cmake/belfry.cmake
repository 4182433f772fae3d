# One folder, one library, linked only to the folders it may include: a wrong include does not build.
#
#   belfry_library(wire_http DEPS base LIBS OpenSSL::Crypto)
#
# collects every *.cpp beside the CMakeLists.txt, keeps *_test.cpp apart and makes of those one test program
# named <library>_test. What several tests use, *_for_tests.cpp, becomes a library <library>_for_tests, so that it is compiled
# once; the tests of another folder that use it name it in TEST_LIBS. *_contract.cpp are tests that each adapter of a folder's
# ports passes: <library>_contract, which an adapter names in TEST_LIBS; the label of its test program is then contract, of all
# others unit. DEPS are our own folders, LIBS are packages. Sources
# see only the folders they name, and those that these name: each library exports its own folder through a directory of links
# under the build tree, not the whole server/. tools/tidy checks the layers as a whole.

set(BELFRY_INCLUDE_ROOT ${CMAKE_BINARY_DIR}/include)

add_library(belfry_warnings INTERFACE)
target_compile_options(belfry_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees std::string out of bounds in its own operator+ once the header is precompiled (GCC bug 105651 and its like).
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    target_compile_options(belfry_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  # A sanitizer's checks hide from GCC what has been initialized: its manual expects false warnings.
  if("${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_DEBUG}" MATCHES "-fsanitize=")
    target_compile_options(belfry_warnings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(BELFRY_WERROR)
  target_compile_options(belfry_warnings INTERFACE -Werror)
endif()

# Headers of others that most sources include, precompiled once for each build: parsing them took a third of its time.
# A source still includes what it uses: scripts/lint checks each without these.
set(BELFRY_COMMON_HEADERS <algorithm> <array> <charconv> <chrono> <cstddef> <cstdint> <cstdlib> <cstring> <deque> <filesystem>
  <functional> <limits> <map> <memory> <optional> <set> <span> <string> <string_view> <tuple> <unordered_map> <utility> <variant>
  <vector> <boost/container/small_vector.hpp> <boost/unordered/unordered_flat_map.hpp> <boost/unordered/unordered_flat_set.hpp>
  <tl/expected.hpp>)

# belfry_precompiled and belfry_precompiled_tests hold no code: they own the precompiled headers that other targets reuse.
function(belfry_precompile name)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE belfry_warnings)  # -Wpedantic changes what the headers see
  target_precompile_headers(${name} PRIVATE ${BELFRY_COMMON_HEADERS} ${ARGN})
endfunction()
belfry_precompile(belfry_precompiled)
if(BELFRY_TESTS)
  belfry_precompile(belfry_precompiled_tests <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(belfry_precompiled_tests PRIVATE GTest::gtest GTest::gmock)
  target_compile_options(belfry_precompiled_tests PRIVATE ${BELFRY_TEST_OPTIONS})
endif()

# belfry_on_demand(target): a test program that is built by name where tests are not built by default.
function(belfry_on_demand target)
  if(NOT BELFRY_TESTS_BY_DEFAULT)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# belfry_test_sources(target): what the sources of tests need, and those that several tests use.
function(belfry_test_sources target)
  target_link_libraries(${target} PRIVATE belfry_warnings GTest::gtest GTest::gmock)
  target_compile_options(${target} PRIVATE ${BELFRY_TEST_OPTIONS})
  target_precompile_headers(${target} REUSE_FROM belfry_precompiled_tests)
  belfry_on_demand(${target})
endfunction()

# Lines that run are counted in these libraries; scripts/coverage reports them. Their own tests alone count: the test preset sends
# what all others reach elsewhere (GCOV_PREFIX).
set(BELFRY_COVERED domain_call app_calls)
function(belfry_count_lines name)
  if(BELFRY_COVERAGE AND name IN_LIST BELFRY_COVERED)
    target_compile_options(${name} PRIVATE --coverage)
    target_link_options(${name} PUBLIC --coverage)
    set_tests_properties(${name} PROPERTIES ENVIRONMENT_MODIFICATION "GCOV_PREFIX=unset:")
  endif()
endfunction()

# Makes `#include "wire/http/request.hpp"` resolve for those who link this folder, and for nobody else.
function(belfry_export_folder target folder scope)
  set(root ${BELFRY_INCLUDE_ROOT}/${target})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${root}/${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/server/${folder} ${root}/${folder} SYMBOLIC)
  target_include_directories(${target} ${scope} ${root})
endfunction()

function(belfry_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  set(stage ${sources})
  set(contract ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|for_tests|contract)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER stage INCLUDE REGEX "_for_tests\\.cpp$")
  list(FILTER contract INCLUDE REGEX "_contract\\.cpp$")
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}/server OUTPUT_VARIABLE folder)
  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE belfry_warnings)
    target_precompile_headers(${name} REUSE_FROM belfry_precompiled)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  belfry_export_folder(${name} ${folder} ${scope})
  target_link_libraries(${name} ${scope} ${ARG_DEPS} ${ARG_LIBS})
  if(contract AND BELFRY_TESTS)  # objects, for a linker takes nothing from an archive that nobody asks for
    add_library(${name}_contract OBJECT ${contract})
    target_link_libraries(${name}_contract PUBLIC ${name})
    belfry_test_sources(${name}_contract)
  endif()
  if(stage AND BELFRY_TESTS)
    add_library(${name}_for_tests STATIC ${stage})
    target_link_libraries(${name}_for_tests PUBLIC ${name} ${ARG_TEST_LIBS})
    belfry_test_sources(${name}_for_tests)
    list(PREPEND ARG_TEST_LIBS ${name}_for_tests)
  endif()
  if(tests AND BELFRY_TESTS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${ARG_TEST_LIBS} ${name} GTest::gtest_main)
    belfry_test_sources(${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test)
    belfry_count_lines(${name})
    set(label unit)
    if(ARG_TEST_LIBS MATCHES "_contract(;|$)")
      set(label contract)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${BELFRY_TEST_SECONDS} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
