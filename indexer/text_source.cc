#include "indexer/text_source.h"

#include <algorithm>
#include <utility>

#include "indexer/page_document.h"
#include "indexer/source_window.h"
#include "text/charset.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kLookedAtBytes = 4096;

// A file that is known to be small needs no large buffer.
size_t ChunkFor(const ByteInput& input, size_t chunk_bytes) {
  const uint64_t total = input.bytes_total();
  return total == 0 ? chunk_bytes : static_cast<size_t>(std::min<uint64_t>(chunk_bytes, total + 1));
}

class TextSource final : public SingleSource {
 public:
  TextSource(std::unique_ptr<ByteInput> bytes, SourceFile source, const SourceOptions& how, PageReader reader, PageCharset charset)
      : SingleSource(std::move(bytes), std::move(source), how),
        window_(input(), ChunkFor(input(), how.chunk_bytes)),
        reader_(reader),
        charset_(charset) {}

  Result<ReadOutcome> Next(index::Document& out) override {
    if (done_) return ReadOutcome::kEnd;
    ReadState state = ReadState::kData;
    while (state != ReadState::kEnd) {
      ASSIGN_OR_RETURN(state, window_.Grow());
      if (state == ReadState::kWouldBlock) return ReadOutcome::kWouldBlock;
      if (window_.bytes().size() <= options().max_record_bytes) continue;
      done_ = true;
      return TooLong("file", window_.bytes().size());
    }
    done_ = true;
    return Convert(window_.bytes(), out);
  }

 private:
  ReadOutcome Convert(std::string_view text, index::Document& out) {
    std::string decoded;
    text = Decode(text, decoded);
    if (LooksBinary(text.substr(0, kLookedAtBytes))) {
      const std::string_view wanted = charset_ == PageCharset::kAny ? "the file is binary" : "the file is binary or UTF-16";
      return Broken(std::string(wanted) + ": it has a NUL byte near its start; UTF-8 text is wanted");
    }
    PageText page = reader_(text);
    RecordBuilder record(out);
    record.SetKey(source_file().id);
    Add(page, record);
    if (!record.Finish(options().id_field)) return Broken(record.reason());
    WriteStored(out, options().id_field, json());
    return ReadOutcome::kDocument;
  }

  // In `buffer` where something has to be changed.
  std::string_view Decode(std::string_view bytes, std::string& buffer) {
    if (charset_ == PageCharset::kAny) {
      const text::DecodedText decoded = text::DecodeText(bytes, {}, buffer);
      CountRepaired(decoded.replaced);
      return decoded.text;
    }
    if (text::IsUtf8(bytes)) return bytes;
    buffer.assign(bytes);
    CountRepaired(text::RepairUtf8(buffer));
    return buffer;
  }

  void Add(PageText& page, RecordBuilder& record) {
    const std::string path = WellFormed(source_file().path);
    if (page.title.empty()) page.title = path.substr(path.rfind('/') + 1);
    AddPageFields(page, record);
    bool has_url = false;
    for (const PageField& field : page.fields) {
      const bool own = field.name == options().id_field || field.name == "title" || field.name == "body" || field.name == "_version";
      if (own || field.value.empty()) continue;
      has_url |= field.name == "url";
      record.AddCell(field.name, field.value);
    }
    if (!has_url && options().id_field != "url") record.AddString("url", path);
  }

  static std::string WellFormed(std::string text) {
    text::RepairUtf8(text);
    return text;
  }

  InputWindow window_;
  const PageReader reader_;
  const PageCharset charset_;
  bool done_ = false;
};

}  // namespace

PageText ReadPlainText(std::string_view text) {
  PageText page;
  page.title = FirstLine(text);
  page.body = text;
  return page;
}

std::unique_ptr<DocumentSource> MakeTextSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options, PageReader reader,
                                               PageCharset charset) {
  return std::make_unique<TextSource>(std::move(input), std::move(file), options, reader, charset);
}

}  // namespace sakuin::indexer
