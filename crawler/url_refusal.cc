#include "crawler/url_refusal.h"

#include <array>

namespace sakuin::crawler {

namespace {

struct Words {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Words, kUrlRefusals> kWords = {{
    {"none", "taken"},
    {"scheme", "neither http nor https"},
    {"host", "not a host of the seeds, and not allowed by --allow"},
    {"denied", "a pattern of --deny is found in it"},
    {"credentials", "it carries a user name or a password"},
    {"too_long", "longer than URLs may be"},
    {"repeating_path", "the path repeats itself"},
    {"too_many_path_parts", "the path has too many parts"},
    {"too_many_parameters", "the query has too many parameters"},
    {"permuted_parameters", "the same parameters are known in another order"},
    {"endless_chain", "one of a chain of like addresses, each found only on the one before, that does not end"},
    {"too_many_of_shape", "too many like addresses far from the seeds"},
}};

}  // namespace

std::string_view UrlRefusalName(UrlRefusal refusal) { return kWords[static_cast<size_t>(refusal)].name; }
std::string_view UrlRefusalText(UrlRefusal refusal) { return kWords[static_cast<size_t>(refusal)].text; }

}  // namespace sakuin::crawler
