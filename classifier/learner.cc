#include "classifier/learner.h"

namespace sakuin::classifier {
namespace {

bool HasJournal(FileSystem& fs, const std::string& folder) { return fs.Exists(LearningJournal::PathIn(folder)); }

}  // namespace

Result<std::unique_ptr<Learner>> Learner::Open(FileSystem& fs, const std::string& path, ThreadPool* pool) {
  if (!fs.Exists(path)) return NotFoundError("there is no model " + path + "; sakuin classify train makes one");
  std::unique_ptr<Learner> learner(new Learner(fs, path, false, pool));
  RETURN_IF_ERROR(fs.CreateFolder(learner->folder_));
  ASSIGN_OR_RETURN(learner->lock_, fs.LockFolder(learner->folder_));
  RETURN_IF_ERROR(learner->Load());
  return learner;
}

Result<std::unique_ptr<Learner>> Learner::Create(FileSystem& fs, const std::string& path, bool multi_label, ThreadPool* pool) {
  std::unique_ptr<Learner> learner(new Learner(fs, path, multi_label, pool));
  if (fs.Exists(learner->folder_)) {
    ASSIGN_OR_RETURN(learner->lock_, fs.LockFolder(learner->folder_));
  }
  learner->changed_ = true;
  return learner;
}

// The model, then what a killed process left beside it; the file is written before a new journal takes the place of the old.
Status Learner::Load() {
  uint64_t checksum = 0;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Model> model, Model::Open(fs_, path_));
    ASSIGN_OR_RETURN(set_, model->DecodeDocuments());
    checksum = model->checksum();
  }
  if (HasJournal(fs_, folder_)) {
    const std::string journal = LearningJournal::PathIn(folder_);
    ASSIGN_OR_RETURN(const std::string bytes, fs_.ReadAll(journal));
    const auto take = [this](JournalKind kind, const Example& example) { return Take(kind, example); };
    RETURN_IF_ERROR(LearningJournal::Replay(bytes, journal, checksum, take));
    RETURN_IF_ERROR(Commit());
    counts_ = LearningCounts();
    ASSIGN_OR_RETURN(const std::unique_ptr<Model> model, Model::Open(fs_, path_));
    checksum = model->checksum();
  }
  ASSIGN_OR_RETURN(journal_, LearningJournal::Create(fs_, folder_, checksum));
  return OkStatus();
}

Status Learner::CheckLabels(const Example& example) const {
  if (!set_.multi_label() && example.labels.size() != 1) {
    return InvalidArgumentError("\"label\" is a list of " + std::to_string(example.labels.size()) +
                                "; a model takes several labels for a document when it was made with train --multi-label");
  }
  size_t labels = set_.label_count();
  for (const std::string& label : example.labels) labels += set_.HasLabel(label) ? 0 : 1;
  if (labels <= TrainingSet::kMaxLabels) return OkStatus();
  return InvalidArgumentError("this label is one too many: a model has at most " + std::to_string(TrainingSet::kMaxLabels));
}

Status Learner::Take(JournalKind kind, const Example& example) {
  RETURN_IF_ERROR(CheckLabels(example));
  CutUnits(example.text, units_);
  const LearnedExample learned{example.id, example.labels, units_};
  const bool done = kind == JournalKind::kLearn ? set_.Learn(learned) : set_.Unlearn(learned);
  changed_ = changed_ || done;
  if (kind == JournalKind::kLearn) {
    ++(done ? counts_.learned : counts_.known);
  } else {
    ++(done ? counts_.unlearned : counts_.unknown);
  }
  if (done && journal_ != nullptr) journal_->Add(kind, example);
  return OkStatus();
}

Status Learner::Learn(const Example& example) { return Take(JournalKind::kLearn, example); }
Status Learner::Unlearn(const Example& example) { return Take(JournalKind::kUnlearn, example); }
Status Learner::Sync() { return journal_ == nullptr ? OkStatus() : journal_->Sync(); }

Status Learner::Commit() {
  if (changed_) {
    RETURN_IF_ERROR(Sync());
    RETURN_IF_ERROR(WriteFileAtomically(fs_, path_, BuildModel(set_, pool_)));
    changed_ = false;
  }
  journal_.reset();
  if (!HasJournal(fs_, folder_)) return OkStatus();
  return fs_.Remove(LearningJournal::PathIn(folder_));
}

Status FinishLearning(FileSystem& fs, const std::string& path, ThreadPool* pool) {
  if (!HasJournal(fs, path + ".learning")) return OkStatus();
  Result<std::unique_ptr<Learner>> learner = Learner::Open(fs, path, pool);
  if (learner.status().code() == StatusCode::kUnavailable) return OkStatus();
  return learner.ok() ? (*learner)->Commit() : learner.status();
}

}  // namespace sakuin::classifier
