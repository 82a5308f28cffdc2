// index_settings.h: what a command asks of an index that it makes or adds to.
//
//   IndexSettings settings;                                   // filled by options
//   ASSIGN_OR_RETURN(writer.schema, settings.Asked(indexer::EmptySchema()));    // for an index that is not there
//   RETURN_IF_ERROR(settings.Check(writer.schema, opened->schema()));           // for one that is
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "index/schema.h"

namespace sakuin::cli {

struct IndexSettings {
  std::string schema_file;
  std::string analyzer;
  std::string id_field;
  uint32_t shards = 0;  // 0: not asked for

  // Reads the file. `otherwise` is the schema where there is none.
  Result<index::Schema> Asked(const index::Schema& otherwise) const;
  // FAILED_PRECONDITION: the index was made otherwise; says what to do. `asked` is what Asked gave.
  Status Check(const index::Schema& asked, const index::Schema& has) const;

 private:
  Status CheckFields(const index::Schema& asked, const index::Schema& has) const;
};

}  // namespace sakuin::cli
