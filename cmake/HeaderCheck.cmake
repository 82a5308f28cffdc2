# sakuin_header_check(FOLDER...)
#
# Compiles every header below the folders alone, and twice in a row: a header
# that leans on what its includer happened to include, or that has no guard,
# fails the build. The headers are found by looking, so that none can be missed.
function(sakuin_header_check)
  set(sources)
  foreach(folder ${ARGN})
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.h)
    foreach(header ${headers})
      set(source ${PROJECT_BINARY_DIR}/header_check/${header}.cc)
      file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"  // the guard holds\n")
      list(APPEND sources ${source})
    endforeach()
  endforeach()
  add_library(sakuin_header_check OBJECT ${sources})
  target_include_directories(sakuin_header_check PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(sakuin_header_check PRIVATE -O0)
  target_compile_definitions(sakuin_header_check PRIVATE SAKUIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(sakuin_header_check PROPERTIES CXX_CLANG_TIDY "")
endfunction()
