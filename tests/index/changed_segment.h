// changed_segment.h: a segment again, in which sections hold other bytes under
// checksums that fit: what damage looks like that no checksum notices.
//
//   SegmentEntry changed = ChangeSections(fs, "index", sound, [](size_t, SectionKind kind, std::string_view bytes) {
//     return kind == SectionKind::kLengths ? std::string("any bytes") : std::string(bytes);
//   });
//
// REQUIRES: the segment is sound and `fs` does not fail.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "index/filename.h"
#include "index/manifest.h"
#include "index/segment_file.h"
#include "index/segment_file_writer.h"

namespace sakuin::index {

// What a section is to hold, by its place in the table of contents, its kind and what it holds now.
using SectionChange = std::function<std::string(size_t place, SectionKind kind, std::string_view bytes)>;

// Writes the changed segment beside the sound one; returns what a manifest says of it.
inline SegmentEntry ChangeSections(FileSystem& fs, const std::string& folder, const SegmentEntry& sound, const SectionChange& change) {
  const auto view = *SegmentFileView::Open(fs, JoinPath(folder, SegmentFile(sound.name)));
  const auto file = *SegmentFileWriter::Create(fs, folder, 1'000'000);
  for (size_t i = 0; i < view->sections().size(); ++i) {
    const SectionEntry& section = view->sections()[i];
    if (section.kind == SectionKind::kPageChecksums) continue;
    if (!file->Add(section.kind, section.field, change(i, section.kind, view->Section(section.kind, section.field))).ok()) __builtin_trap();
  }
  const SegmentFileInfo info = *file->Finish();
  SegmentEntry entry = sound;
  entry.name = info.name;
  entry.bytes = info.bytes;
  entry.checksum = info.checksum;
  return entry;
}

}  // namespace sakuin::index
