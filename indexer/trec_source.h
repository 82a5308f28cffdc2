// trec_source.h: documents from TREC collections: <DOC> after <DOC>, loosely SGML.
//
//   <DOC>
//   <DOCNO> FT911-3 </DOCNO>                   -> key "FT911-3",
//   <HEADLINE> A headline </HEADLINE>             title "A headline",
//   <TEXT> Some text &amp; more. </TEXT>          body "Some text & more."
//   </DOC>
//
// Tags in any case. TITLE, HEADLINE, HL, HEAD, TTL and TI are the title, URL is
// the url, DOCHDR (the headers of a crawl) is left out, the text of everything
// else is the body. What stands between documents is passed over.
//
// A document without DOCNO or without </DOC> is a broken record, and so is a
// file without any. Linear; one over max_record_bytes is not held. Not thread-safe.
#pragma once

#include <memory>

#include "indexer/source_record.h"

namespace sakuin::indexer {

std::unique_ptr<DocumentSource> MakeTrecSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options);

}  // namespace sakuin::indexer
