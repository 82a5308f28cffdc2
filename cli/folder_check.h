// folder_check.h: is a folder what a command takes it for?
//
//   RETURN_IF_ERROR(CheckIndexFolder("./web"));           // before an index is made in it or added to
//   RETURN_IF_ERROR(CheckStateFolder("./web.crawl"));     // before a crawl keeps its state in it
//
// An index and the state of a crawl have folders of their own. Folders that are not there, or are
// empty but for incidental names (index/filename.h), are taken. FAILED_PRECONDITION says what the
// folder is. Looks at the disk; changes nothing.
#pragma once

#include <string>

#include "base/status.h"

namespace sakuin::cli {

Status CheckIndexFolder(const std::string& folder);
Status CheckStateFolder(const std::string& folder);

// Whether two names are of one folder, there or not.
bool IsSameFolder(const std::string& a, const std::string& b);

}  // namespace sakuin::cli
