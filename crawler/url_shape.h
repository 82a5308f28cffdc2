// url_shape.h: what URLs that one program generates have in common.
//
//   ShapeOf("/calendar/2020/1?view=week12")                     -> "/calendar/#/#?view=week#"
//   ShapeOf("/item/4f1d0c66a2b39e584f1d0c66a2b39e58.html")      -> "/item/#.html"
//
// Runs of digits, and long hexadecimal numbers, are as one. Pure functions: thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::crawler {

// Of a path with its query.
std::string ShapeOf(std::string_view path_and_query);

// Whether other URLs can have this shape.
inline bool IsSharedShape(std::string_view shape) { return shape.find('#') != std::string_view::npos; }

// How often a block of parts follows itself in the path: "/a/b/a/b/a/b/c" -> 3; at least 1. Blocks of digits only
// ("/2020/1/1/1") do not count.
size_t PathRepetitions(std::string_view path);

// What is the same for all orders of a query's parameters, and what is not.
struct ParameterSet {
  size_t count = 0;
  uint64_t set_hash = 0;
  uint64_t order_hash = 0;
};
ParameterSet ParametersOf(std::string_view query);

}  // namespace sakuin::crawler
