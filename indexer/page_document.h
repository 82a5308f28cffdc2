// page_document.h: from a page to a document: the same fields for a crawl, an archive and a file.
//
//   index::Document document;
//   RecordBuilder record(document);
//   AddPage(text::FieldsOf(*std::move(page)), {.url = "http://a/b", .site = "a", .fetched_at = "2024-05-06T07:08:09Z"}, "url", record);
//   if (!record.Finish("url")) ... record.reason();
//
// title, body, headings (each heading is a value), description, lang, date, site, fetched_at, and url where that is not the
// key already; what is not known is no field. Pure functions: thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/schema.h"
#include "indexer/source_record.h"
#include "text/page_reader.h"

namespace sakuin::indexer {

// What is known of a page beside what it says.
struct PageOrigin {
  std::string_view url;         // the key
  std::string_view site;        // "example.com"
  std::string_view fetched_at;  // ISO 8601
};

void AddPage(const text::PageFields& page, const PageOrigin& origin, std::string_view id_field, RecordBuilder& record);

// By their meaning: what IndexWriterOptions::more_fields wants of an index that takes pages.
std::vector<index::Field> FieldsOfPages();

// Of an index that nobody described, beside these fields: with the address as key unless another field is asked for, and words of any
// language unless another analyzer is.
index::Schema PageSchema(const std::string& analyzer = {}, const std::string& id_field = {});

// Of the fields of AddPage what the page itself says.
void AddPageFields(const text::PageFields& page, RecordBuilder& record);

}  // namespace sakuin::indexer
