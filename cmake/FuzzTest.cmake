# sakuin_fuzz_test(NAME SOURCE CORPUS LIBRARY...)
#
# SOURCE defines LLVMFuzzerTestOneInput. In a normal build it becomes the test
# fuzz.NAME, which runs it over every file of the folder CORPUS and over damaged
# copies of them (tests/house/fuzz_main.cc). With SAKUIN_FUZZ=ON it becomes a
# libFuzzer program:
#
#   cmake --preset fuzz && cmake --build --preset fuzz
#   build/fuzz/bin/NAME -max_total_time=60 NEW-INPUTS CORPUS
function(sakuin_fuzz_test name source corpus)
  get_filename_component(corpus ${corpus} ABSOLUTE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${ARGN})
  if(SAKUIN_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz.${name} COMMAND ${name} -runs=0 ${corpus})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/house/fuzz_main.cc)
    add_test(NAME fuzz.${name} COMMAND ${name} ${corpus})
  endif()
endfunction()
