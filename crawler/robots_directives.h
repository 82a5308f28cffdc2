// robots_directives.h: what a page itself says to robots: X-Robots-Tag, <meta name=robots>, rel=.
//
//   RobotsDirectives said;
//   for (value of each X-Robots-Tag header) said |= DirectivesOfHeader(value, "sakuin", now);
//   for (each meta) if (IsRobotsMeta(name, "sakuin")) said |= DirectivesOfMeta(content, now);
//   if (said.noindex) ...                       // do not store the page
//   if (said.nofollow || RelOf(rel).nofollow) ...  // do not follow its links, this link
//
//   DirectivesOfHeader("otherbot: noindex, nofollow", "sakuin", now)      // nothing: another agent is meant
//   DirectivesOfHeader("sakuin: nofollow", "sakuin", now)                 // nofollow
//
// Where both all agents and this one are addressed, all of it holds: the
// strictest wins. "none" is noindex and nofollow; a page is noindex once the date
// of its unavailable_after has passed; a date that cannot be read is not one.
// Other directives (max-snippet, all, ...) say nothing to a crawler.
//
// Pure functions: thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace sakuin::crawler {

struct RobotsDirectives {
  bool noindex = false;
  bool nofollow = false;
  bool noarchive = false;  // "noarchive", "nocache": no copy is to be shown

  RobotsDirectives& operator|=(const RobotsDirectives& other);
  friend bool operator==(const RobotsDirectives&, const RobotsDirectives&) = default;
};

// One header's value. `now` in seconds since 1970.
RobotsDirectives DirectivesOfHeader(std::string_view value, std::string_view agent_token, int64_t now);

// The content of a meta element whose name is for us.
RobotsDirectives DirectivesOfMeta(std::string_view content, int64_t now);
// "robots", or our own token, in any case.
bool IsRobotsMeta(std::string_view name, std::string_view agent_token);

struct LinkRel {
  bool nofollow = false;
  bool ugc = false;  // written by visitors
  bool sponsored = false;
  bool canonical = false;
};

// Of the value of rel, words between blanks in any case.
LinkRel RelOf(std::string_view rel);

}  // namespace sakuin::crawler
