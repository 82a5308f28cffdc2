# sakuin_unit_test(NAME SOURCES FILE... LIBRARIES LIBRARY...)
#
# A program of GoogleTest, each of whose tests is one of ctest's. It knows the
# repository as SAKUIN_SOURCE_DIR.
include(GoogleTest)
function(sakuin_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${test_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${test_LIBRARIES} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE SAKUIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST)
endfunction()
