#include "cli/classify.h"

#include <cstdio>

#include "base/file.h"
#include "classifier/learner.h"
#include "text/utf8_repair.h"

namespace sakuin::cli {

std::string NotePending(const std::string& path, const classifier::Model& model) {
  std::string note = classifier::PendingNote(PosixFileSystem(), path, model.checksum());
  if (!note.empty()) std::fprintf(stderr, "sakuin: %s\n", note.c_str());
  return note;
}

Result<std::unique_ptr<classifier::Classifier>> OpenToAsk(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<classifier::Classifier> asked, classifier::Classifier::Open(PosixFileSystem(), path));
  NotePending(path, asked->model());
  return asked;
}

std::string Printable(std::string_view text) { return text::Excerpt(text, std::string_view::npos); }

}  // namespace sakuin::cli
