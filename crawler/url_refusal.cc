#include "crawler/url_refusal.h"

#include <array>

namespace sakuin::crawler {

namespace {

constexpr std::array<std::string_view, kUrlRefusals> kTexts = {
    "taken",
    "neither http nor https",
    "not a host of the seeds, and not allowed by --allow",
    "a pattern of --deny is found in the address",
    "a user name or a password is in the address",
    "longer than URLs may be",
    "more links from a seed than --max-depth",
    "the path repeats itself",
    "the path has too many parts",
    "the query has too many parameters",
    "the same parameters are known in another order",
    "one of a chain of like addresses, each found only on the one before, that does not end",
    "too many like addresses far from the seeds",
};

}  // namespace

std::string_view UrlRefusalText(UrlRefusal refusal) { return kTexts[static_cast<size_t>(refusal)]; }

}  // namespace sakuin::crawler
