// crawl_index.h: the index that a crawl writes to.
//
//   ASSIGN_OR_RETURN(auto index, CrawlIndex::Open("./web", settings));
//   RETURN_IF_ERROR(index->Put(page));        // and so on: crawler/page_sink.h
//   RETURN_IF_ERROR(index->Close());          // what came is searchable
//
// A page is a document with the fields url (the key), title, body, headings,
// description, lang, date, site and fetched_at; what the schema lets a dictionary
// or a model fill comes on top. Not thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/json_writer.h"
#include "cli/annotators.h"
#include "cli/index_settings.h"
#include "crawler/page_sink.h"
#include "indexer/index_writer.h"

namespace sakuin::cli {

class CrawlIndex : public crawler::PageSink {
 public:
  static Result<std::unique_ptr<CrawlIndex>> Open(const std::string& folder, const IndexSettings& settings);

  Status Put(const crawler::CrawledPage& page) override;
  Status Remove(const std::string& url) override;
  // Also makes searchable what came, from time to time.
  Status Sync() override;
  Status Close();
  // Its path: a crawl takes pages that an index elsewhere, or a former one, holds for pages to be fetched.
  std::string name() const override { return name_; }
  bool is_new() const override { return is_new_; }

  // By field with a model: pages for which it was unsure.
  std::map<std::string, uint64_t> unsure() const { return annotators_ == nullptr ? std::map<std::string, uint64_t>() : annotators_->unsure(); }

 private:
  using Clock = std::chrono::steady_clock;

  CrawlIndex() = default;

  std::shared_ptr<FieldAnnotators> annotators_;  // null: no field is annotated
  std::unique_ptr<indexer::IndexWriter> writer_;
  std::string id_field_;
  std::string name_;
  bool is_new_ = false;
  JsonWriter json_;
  bool changed_ = false;                         // since the last commit
  Clock::time_point last_commit_ = Clock::now();
};

}  // namespace sakuin::cli
