# sakuin_header_check(FOLDER...)
#
# Compiles every header below the folders alone, and fails the build where one
# leans on what its includer happened to include. Those that a .cc file of their
# name includes first are proved by that file already (tests/house/check_includes
# sees to the order). Headers are found by looking, so that none can be missed.
function(sakuin_header_check)
  set(sources)
  foreach(folder ${ARGN})
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.h)
    foreach(header ${headers})
      string(REGEX REPLACE "h$" "cc" own ${header})
      if(EXISTS ${PROJECT_SOURCE_DIR}/${own})
        continue()
      endif()
      set(source ${PROJECT_BINARY_DIR}/header_check/${header}.cc)
      file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n")
      list(APPEND sources ${source})
    endforeach()
  endforeach()
  add_library(sakuin_header_check OBJECT ${sources})
  target_include_directories(sakuin_header_check PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(sakuin_header_check PRIVATE -O0)
  target_compile_definitions(sakuin_header_check PRIVATE SAKUIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(sakuin_header_check PROPERTIES CXX_CLANG_TIDY "")
endfunction()
