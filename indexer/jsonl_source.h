// jsonl_source.h: documents from JSON Lines: one object a line.
//
//   {"id": "k1", "title": "A title", "author": {"name": "Kim"}, "tags": ["a", "b"]}
//     -> key "k1", title, author.name, tags twice; stored is the line itself
//
// The id is a string or an integer; "_version", a non-negative integer, is the
// version. Blank lines are passed over, CRLF is a line end, a later duplicate of
// a member "id" wins. Bytes that are not UTF-8 and lone surrogates are replaced
// by U+FFFD (in `stored` too) and counted; whole numbers past 64 bits become
// double. Anything else that is not JSON makes that line a broken record.
//
// Cost: several hundred megabytes a second. Not thread-safe.
#pragma once

#include <memory>

#include "indexer/source_record.h"

namespace sakuin::indexer {

std::unique_ptr<DocumentSource> MakeJsonlSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options);

}  // namespace sakuin::indexer
