#include "crawler/host_conducts.h"

#include <optional>

#include "base/bytes.h"

namespace sakuin::crawler {
namespace {

std::string Encode(const HostConduct& conduct) {
  std::string text;
  for (const uint64_t number : {uint64_t{conduct.refusals}, uint64_t{conduct.failures}, conduct.pages, conduct.bytes}) AppendVarint(text, number);
  return text;
}

Result<HostConduct> Decode(std::string_view text) {
  ByteReader in(text);
  HostConduct conduct;
  conduct.refusals = in.ReadVarint32();
  conduct.failures = in.ReadVarint32();
  conduct.pages = in.ReadVarint();
  conduct.bytes = in.ReadVarint();
  if (!in.ok() || !in.AtEnd()) return DataLossError("what this run noted of a host cannot be read");
  return conduct;
}

}  // namespace

Result<std::unique_ptr<HostConducts>> HostConducts::Open(DiskFrontier& frontier, PolitenessOptions options, size_t most_in_memory) {
  ASSIGN_OR_RETURN(std::unique_ptr<RunNotes> notes, RunNotes::Open(frontier, most_in_memory));
  return std::unique_ptr<HostConducts>(new HostConducts(std::move(notes), options));
}

Result<HostConduct> HostConducts::Take(const std::string& host) {
  ASSIGN_OR_RETURN(const std::optional<std::string> noted, notes_->Take(host));
  return noted.has_value() ? Decode(*noted) : HostConduct();
}

Status HostConducts::Put(const std::string& host, const HostConduct& conduct) {
  const bool is_at_rest = conduct.refusals == 0 && conduct.failures == 0 && !HasBudgets();
  return is_at_rest ? OkStatus() : notes_->Put(host, Encode(conduct));
}

Result<bool> HostConducts::IsBudgetSpent(const std::string& host) {
  if (!HasBudgets()) return false;
  ASSIGN_OR_RETURN(const HostConduct conduct, Take(host));
  RETURN_IF_ERROR(Put(host, conduct));
  return crawler::IsBudgetSpent(options_, conduct);
}

Status HostConducts::CountPage(const std::string& host) {
  if (!HasBudgets()) return OkStatus();
  ASSIGN_OR_RETURN(HostConduct conduct, Take(host));
  ++conduct.pages;
  return Put(host, conduct);
}

Result<Pause> HostConducts::AfterVisit(const std::string& host, const Visit& visit) {
  ASSIGN_OR_RETURN(HostConduct conduct, Take(host));
  const Pause pause = crawler::AfterVisit(options_, visit, conduct);
  RETURN_IF_ERROR(Put(host, conduct));
  return pause;
}

}  // namespace sakuin::crawler
