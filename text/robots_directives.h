// robots_directives.h: what a page itself says to robots: X-Robots-Tag, <meta name=robots>.
//
//   RobotsDirectives said = page.head.robots;       // of all its metas for everybody and for us: DirectivesOfMeta
//   for (value of each X-Robots-Tag header) said |= DirectivesOfHeader(value, "sakuin");
//   if (said.ForbidsIndexing(now)) ...              // do not store the page
//   if (said.nofollow) ...                          // do not follow its links
//
//   DirectivesOfHeader("otherbot: noindex, nofollow", "sakuin")      // nothing: another agent is meant
//   DirectivesOfHeader("sakuin: nofollow", "sakuin")                 // nofollow
//
// Where both all agents and this one are addressed, all of it holds: the
// strictest wins. "none" is noindex and nofollow; a date that cannot be read
// (date_text.h) is not one. Other directives (max-snippet, noarchive, all, ...) say
// nothing to who shows no copy of a page.
//
// Pure functions: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sakuin::text {

struct RobotsDirectives {
  bool noindex = false;
  bool nofollow = false;
  // Seconds since 1970 from which on it is not to be found; after a date without a time, from the end of the day.
  std::optional<int64_t> unavailable_after = std::nullopt;

  bool ForbidsIndexing(int64_t now) const { return noindex || (unavailable_after.has_value() && now >= *unavailable_after); }
  RobotsDirectives& operator|=(const RobotsDirectives& other);
  friend bool operator==(const RobotsDirectives&, const RobotsDirectives&) = default;
};

// One header's value. `agent_token` in any case.
RobotsDirectives DirectivesOfHeader(std::string_view value, std::string_view agent_token);

// The content of a meta element whose name is for us.
RobotsDirectives DirectivesOfMeta(std::string_view content);

}  // namespace sakuin::text
