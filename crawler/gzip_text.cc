#include "crawler/gzip_text.h"

#include "base/content_coding.h"

namespace sakuin::crawler {

Status UnpackText(std::string_view& bytes, size_t limit, std::string& unpacked) {
  constexpr std::string_view kMagic = "\x1F\x8B";
  CodingProblem problem = bytes.size() > limit ? CodingProblem::kOverLimit : CodingProblem::kNone;
  if (bytes.starts_with(kMagic)) {
    problem = UndoCodings("gzip", bytes, limit, unpacked).problem;
    bytes = unpacked;
  }
  bytes = bytes.substr(0, limit);
  if (problem == CodingProblem::kNone) return OkStatus();
  if (problem == CodingProblem::kNoMemory) return ResourceExhaustedError("no memory to unpack gzip");
  if (problem != CodingProblem::kOverLimit) return DataLossError("has damaged or incomplete gzip data");
  return ResourceExhaustedError("has more than " + std::to_string(limit) + " bytes; what is beyond is not read");
}

}  // namespace sakuin::crawler
