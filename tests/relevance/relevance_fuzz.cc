// libFuzzer entry for every parser of relevance/. The first byte chooses one;
// beyond not crashing, what parsed must keep its promises.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "relevance/evaluation.h"
#include "relevance/queries.h"

namespace sakuin::relevance {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

bool SameOrder(const RankedList& a, const RankedList& b) {
  if (a.documents.size() != b.documents.size()) return false;
  for (size_t i = 0; i < a.documents.size(); ++i) {
    if (a.documents[i].document != b.documents[i].document) return false;
  }
  return true;
}

void FuzzRun(std::string_view text) {
  const Result<Run> run = ParseRun(text, "fuzz");
  if (!run.ok()) return;
  const Result<std::string> written = FormatRun(*run, "fuzz");
  if (!written.ok()) return;  // a score beyond single precision
  const Result<Run> again = ParseRun(*written, "fuzz");
  Require(again.ok() && again->lists().size() == run->lists().size());
  for (const RankedList& list : run->lists()) Require(again->Find(list.query) != nullptr && SameOrder(list, *again->Find(list.query)));
}

// Qrels, a line "---", and a run for them.
void FuzzEvaluation(std::string_view text) {
  const size_t cut = text.find("---\n");
  if (cut == std::string_view::npos) return;
  const Result<Qrels> qrels = ParseQrels(text.substr(0, cut), "fuzz");
  const Result<Run> run = ParseRun(text.substr(cut + 4), "fuzz");
  if (!qrels.ok() || !run.ok()) return;
  const auto measures = ParseMeasures("nDCG,nDCG@3,AP,AP@3,RR,RR@3,P@3,R@3,Rprec,bpref,ERR,RBP,Success@3,Judged@3");
  const Result<Evaluation> evaluation = Evaluate(*run, *qrels, *measures);
  if (!evaluation.ok()) return;
  for (const QueryEvaluation& query : evaluation->queries) {
    for (const double value : query.values) Require(value >= 0 && value <= 1 + 1e-9);
  }
}

void FuzzMeasures(std::string_view text) {
  const Result<std::vector<Measure>> measures = ParseMeasures(text);
  if (!measures.ok()) return;
  for (const Measure& measure : *measures) {
    const Result<Measure> again = ParseMeasure(measure.Name());
    Require(again.ok() && *again == measure);
  }
}

}  // namespace
}  // namespace sakuin::relevance

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::relevance;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'j': (void)ParseQrels(text, "fuzz"); break;
    case 'q': (void)ParseQueries(text, "fuzz"); break;
    case 'r': FuzzRun(text); break;
    case 'm': FuzzMeasures(text); break;
    case 'e': FuzzEvaluation(text); break;
    default: break;
  }
  return 0;
}
