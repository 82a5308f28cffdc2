#include "classifier/learner.h"

namespace sakuin::classifier {

Result<std::unique_ptr<Learner>> Learner::Open(FileSystem& fs, const std::string& path, ThreadPool* pool) {
  if (!fs.Exists(path)) return NotFoundError("there is no model " + path + "; sakuin classify train makes one");
  std::unique_ptr<Learner> learner(new Learner(fs, path, false, pool));
  RETURN_IF_ERROR(learner->Lock());
  RETURN_IF_ERROR(learner->Load());
  return learner;
}

Result<std::unique_ptr<Learner>> Learner::Create(FileSystem& fs, const std::string& path, bool multi_label, ThreadPool* pool) {
  std::unique_ptr<Learner> learner(new Learner(fs, path, multi_label, pool));
  RETURN_IF_ERROR(learner->Lock());
  learner->changed_ = true;
  return learner;
}

Result<std::unique_ptr<Learner>> Learner::Merge(FileSystem& fs, const std::string& path, const std::vector<std::string>& models, ThreadPool* pool) {
  ASSIGN_OR_RETURN(std::unique_ptr<Learner> all, Create(fs, path, false, pool));
  for (size_t i = 0; i < models.size(); ++i) {
    Learner part(fs, models[i], false, pool);
    RETURN_IF_ERROR(part.Read());
    if (i == 0) all->set_ = TrainingSet(part.set_.multi_label());
    if (all->set_.multi_label() != part.set_.multi_label()) {
      return FailedPreconditionError(models[i] + " and " + models[0] + " differ: one is made with --multi-label, the other is not");
    }
    RETURN_IF_ERROR(all->set_.Merge(part.set_).status().WithContext(models[i]));
  }
  return all;
}

// The folder stays when all is done: who would remove it could remove it from under another, who has just locked it.
Status Learner::Lock() {
  RETURN_IF_ERROR(CreateDurableFolder(fs_, folder_));
  ASSIGN_OR_RETURN(lock_, fs_.LockFolder(folder_));
  return OkStatus();
}

// The model, and what the journal beside it adds. The journal is read first: if another process takes it into the model
// meanwhile, it belongs to the past of the model that is read then.
Status Learner::Read() {
  const std::string path = LearningJournal::PathIn(folder_);
  const Result<std::string> journal = fs_.ReadAll(path);
  if (!journal.ok() && journal.status().code() != StatusCode::kNotFound) return journal.status();
  ASSIGN_OR_RETURN(const std::unique_ptr<Model> model, Model::Open(fs_, path_));
  ASSIGN_OR_RETURN(set_, model->DecodeDocuments());
  checksum_ = model->checksum();
  if (!journal.ok()) return OkStatus();
  return LearningJournal::Replay(*journal, path, checksum_, [this](JournalKind kind, const Example& example) { return Take(kind, example); });
}

// What a killed process left is written to the model before a new journal takes the place of the old.
Status Learner::Load() {
  RETURN_IF_ERROR(Read());
  RETURN_IF_ERROR(Commit());
  counts_ = LearningCounts();
  return OkStatus();
}

Status Learner::CheckLabels(const Example& example) const {
  if (!set_.multi_label() && example.labels.size() != 1) {
    return InvalidArgumentError("\"label\" is a list of " + std::to_string(example.labels.size()) +
                                "; a model takes none or several labels for a document when it was made with train --multi-label");
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
    if (done && units_.empty()) ++counts_.wordless;
  } else {
    ++(done ? counts_.unlearned : counts_.unknown);
  }
  if (done && journal_ != nullptr) journal_->Add(kind, example);
  return OkStatus();
}

Status Learner::Learn(const Example& example) { return Take(JournalKind::kLearn, example); }
Status Learner::Unlearn(const Example& example) { return Take(JournalKind::kUnlearn, example); }

Status Learner::Sync() {
  RETURN_IF_ERROR(failed_);
  if (journal_ != nullptr) return journal_->Sync();
  return FailedPreconditionError("the new model " + path_ + " has to be committed before what it learns is durable");
}

// Into the file; what is in memory of the journal need not be written before, the file has it.
Status Learner::Write() {
  if (changed_) {
    ASSIGN_OR_RETURN(const std::string bytes, BuildModel(set_, pool_));
    RETURN_IF_ERROR(WriteFileAtomically(fs_, path_, bytes));
    checksum_ = Model::ChecksumOf(bytes);
    changed_ = false;
  }
  journal_ = nullptr;
  const Status removed = fs_.Remove(LearningJournal::PathIn(folder_));
  if (removed.code() == StatusCode::kNotFound) return OkStatus();
  RETURN_IF_ERROR(removed);
  // Else it could come back with the power, and meet a model that has become again what it was.
  return fs_.SyncFolder(folder_);
}

// A model that failed to be written may be there nevertheless, and the journal beside it would be of the past.
Status Learner::Commit() {
  RETURN_IF_ERROR(failed_);
  failed_ = Write();
  RETURN_IF_ERROR(failed_);
  journal_ = std::make_unique<LearningJournal>(fs_, folder_, checksum_);
  return OkStatus();
}

std::string PendingNote(FileSystem& fs, const std::string& path, uint64_t model_checksum) {
  const std::string folder = path + ".learning";
  const Result<uint64_t> bytes = LearningJournal::PendingBytes(fs, folder, model_checksum);
  if (!bytes.ok()) return path + " may have learned more than is used here: " + std::string(bytes.status().message());
  if (*bytes == 0) return "";
  return path + " has learned more than is used here: " + std::to_string(*bytes) + " bytes in " + LearningJournal::PathIn(folder) +
         " come into the model when the running sakuin classify learn ends; if none runs, start one (sakuin classify learn --model " + path +
         " /dev/null)";
}

}  // namespace sakuin::classifier
