#include "crawler/redirect_chain.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

TEST(RedirectChainTest, FollowsUpToItsLimit) {
  RedirectChain chain("http://a/0", kRobotsRedirects);
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(chain.Follow("http://a/" + std::to_string(i)), FetchError::kNone);
  EXPECT_EQ(chain.Follow("http://a/6"), FetchError::kTooManyRedirects);
  EXPECT_EQ(chain.urls().size(), 6u);
  EXPECT_EQ(chain.urls().back(), "http://a/5");
}

TEST(RedirectChainTest, FindsLoops) {
  RedirectChain chain("http://a/", kPageRedirects);
  EXPECT_EQ(chain.Follow("http://a/"), FetchError::kRedirectLoop) << "to itself";
  EXPECT_EQ(chain.Follow("https://a/"), FetchError::kNone);
  EXPECT_EQ(chain.Follow("http://a/"), FetchError::kRedirectLoop);
  EXPECT_EQ(chain.Follow("http://b/"), FetchError::kNone);
  EXPECT_EQ(chain.Follow("https://a/"), FetchError::kRedirectLoop);
}

TEST(RedirectChainTest, KnowsWhichStatusesLeadOn) {
  for (const int status : {301, 302, 303, 307, 308}) EXPECT_TRUE(IsRedirect(status)) << status;
  for (const int status : {0, 200, 300, 304, 305, 306, 309, 404}) EXPECT_FALSE(IsRedirect(status)) << status;
}

}  // namespace
}  // namespace sakuin::crawler
