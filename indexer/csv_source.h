// csv_source.h: documents from tables with a header line: CSV (RFC 4180) and TSV.
//
//   id,title,year             -> key "k1", title "A, B", year 1999
//   k1,"A, B",1999
//
// The header names the fields. A cell in quotes may hold separators, line ends
// and doubled quotes; a quote elsewhere is itself. true, false, and numbers
// as JSON writes them are values of that type, other cells strings, empty cells
// no value. The column "_version" is the version. A column without a name, or a
// second one for the id or the version, is called by its number: column3.
//
// A row with another number of cells than the header is a broken record. No id
// column is INVALID_ARGUMENT. Linear; a row over max_record_bytes is not held.
// Not thread-safe.
#pragma once

#include <memory>

#include "indexer/source_record.h"

namespace sakuin::indexer {

std::unique_ptr<DocumentSource> MakeCsvSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options, char separator);

}  // namespace sakuin::indexer
