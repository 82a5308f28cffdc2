// text_source.h: files that are one document each.
//
//   MakeTextSource(input, {"notes/a.txt", "a.txt"}, options, ReadPlainText)
//     -> key "a.txt", title (its first line), body, url "notes/a.txt"
//
// What differs between text, HTML and Markdown is a PageReader, a pure function
// from well-formed UTF-8 to the parts of a page; a page without a title is called
// like its file. Pages of HTML are decoded as text/charset.h says, others are UTF-8. A file that is binary or over max_record_bytes is a broken
// record. Linear; sources are not thread-safe, page readers are.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/source_record.h"
#include "text/page_reader.h"

namespace sakuin::indexer {

struct PageField {
  std::string name;
  std::string value;  // its type is recognized, see RecognizeScalar
};

struct PageText : text::PageFields {
  std::vector<PageField> fields;  // others; one named "url" takes the place of the path
};

using PageReader = PageText (*)(std::string_view text);

// The title is the first line that is not blank; the body is everything.
PageText ReadPlainText(std::string_view text);

enum class PageCharset { kUtf8, kAny };

std::unique_ptr<DocumentSource> MakeTextSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options, PageReader reader,
                                               PageCharset charset = PageCharset::kUtf8);

}  // namespace sakuin::indexer
