#include "cli/crawl_index.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "crawler/crawl_scope.h"
#include "index/filename.h"
#include "indexer/page_document.h"
#include "indexer/source_record.h"

namespace sakuin::cli {
namespace {

static_assert(crawler::kMaxCrawledUrlBytes <= index::kMaxKeyBytes, "each address is a key");

constexpr auto kCommitInterval = std::chrono::seconds(10);

}  // namespace

Result<std::unique_ptr<CrawlIndex>> CrawlIndex::Open(const std::string& folder, const IndexSettings& settings) {
  std::unique_ptr<CrawlIndex> index(new CrawlIndex);
  ASSIGN_OR_RETURN(const index::Schema asked, settings.Asked(indexer::PageSchema(settings.analyzer)));
  indexer::IndexWriterOptions options;
  options.journal = true;
  options.schema = asked;
  options.more_fields = indexer::FieldsOfPages();
  options.annotators = [made = index.get()](const index::Schema& schema) -> Result<std::shared_ptr<indexer::Annotator>> {
    ASSIGN_OR_RETURN(made->annotators_, FieldAnnotators::Open(schema, AnnotatedFields::kAll));
    return std::shared_ptr<indexer::Annotator>(made->annotators_);
  };
  ASSIGN_OR_RETURN(index->writer_, indexer::IndexWriter::Open(PosixFileSystem(), folder, std::move(options)));
  index->is_new_ = index->writer_->documents() == 0;
  std::error_code unresolved;
  const std::filesystem::path path = std::filesystem::canonical(folder, unresolved);
  index->name_ = unresolved ? folder : path.string();
  RETURN_IF_ERROR(settings.Check(asked, index->writer_->schema()));
  for (const std::string& warning : index->writer_->warnings()) std::fprintf(stderr, "sakuin: %s\n", warning.c_str());
  index->id_field_ = index->writer_->schema().id_field;
  return index;
}

Status CrawlIndex::Put(const crawler::CrawledPage& page) {
  index::Document document;
  indexer::RecordBuilder record(document);
  indexer::AddPage(page, {.url = page.url, .site = page.site, .fetched_at = page.fetched_at}, id_field_, record);
  if (!record.Finish(id_field_)) return InvalidArgumentError(record.reason());
  indexer::WriteStored(document, id_field_, json_);
  RETURN_IF_ERROR(writer_->Add(std::move(document)));
  if (annotators_ != nullptr) annotators_->CountLast();
  changed_ = true;
  return OkStatus();
}

Status CrawlIndex::Remove(const std::string& url) {
  changed_ = true;
  return writer_->Delete(url);
}

Status CrawlIndex::Sync() {
  if (!changed_ || Clock::now() - last_commit_ < kCommitInterval) return writer_->Sync();
  RETURN_IF_ERROR(writer_->Commit());
  changed_ = false;
  last_commit_ = Clock::now();
  return OkStatus();
}

Status CrawlIndex::Close() {
  RETURN_IF_ERROR(writer_->Commit());
  return writer_->WaitForMerges();
}

}  // namespace sakuin::cli
