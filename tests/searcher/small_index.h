// small_index.h: an index of a few texts, for tests of the searcher.
//
//   SmallIndex index("english");
//   index.Add({{"title", "Search engines"}, {"body", "..."}});   // keys d0, d1, ...
//   index.Commit();                                             // a segment
//   index.searcher();
//
//   SmallIndex two("auto", {"東京都", "京都"});                    // bodies, committed
//
// Not thread-safe; what cannot be done fails the test.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::searcher {

class SmallIndex {
 public:
  explicit SmallIndex(std::string analyzer) : SmallIndex(SchemaWith(std::move(analyzer))) {}

  explicit SmallIndex(index::Schema schema) {
    indexer::IndexWriterOptions options;
    options.threads = 1;
    options.merge = false;
    options.schema = std::move(schema);
    writer_ = *indexer::IndexWriter::Open(PosixFileSystem(), scratch_.Path("index"), std::move(options));
  }

  SmallIndex(std::string analyzer, const std::vector<std::string>& bodies) : SmallIndex(std::move(analyzer)) {
    for (const std::string& body : bodies) AddBody(body);
    Commit();
  }

  static index::Schema SchemaWith(std::string analyzer) {
    index::Schema schema = indexer::EmptySchema();
    schema.analyzer = std::move(analyzer);
    return schema;
  }

  void Add(const std::map<std::string, std::string>& fields) {
    index::Document document;
    document.key = "d" + std::to_string(count_++);
    for (const auto& [name, text] : fields) document.fields.push_back({name, text});
    document.stored = nlohmann::json(fields).dump();
    AddDocument(std::move(document));
  }

  // With a key and types of its own.
  void AddDocument(index::Document document) {
    const Status status = writer_->Add(std::move(document));
    ASSERT_TRUE(status.ok()) << status.ToString();
  }

  void AddBody(const std::string& text) { Add({{"body", text}}); }

  void Delete(size_t number) { DeleteKey("d" + std::to_string(number)); }
  void DeleteKey(const std::string& key) { ASSERT_TRUE(writer_->Delete(key).ok()); }

  // What was added and deleted so far can be found.
  void Commit() {
    const Status status = writer_->Commit();
    ASSERT_TRUE(status.ok()) << status.ToString();
    searcher_ = *Searcher::Open(PosixFileSystem(), scratch_.Path("index"));
  }

  // REQUIRES: Commit().
  const Searcher& searcher() const { return *searcher_; }
  const index::Snapshot& snapshot() const { return searcher_->snapshot(); }

 private:
  ScratchFolder scratch_;
  std::unique_ptr<indexer::IndexWriter> writer_;
  std::unique_ptr<Searcher> searcher_;
  size_t count_ = 0;
};

}  // namespace sakuin::searcher
