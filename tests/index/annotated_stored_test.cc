#include "index/annotated_stored.h"

#include <gtest/gtest.h>

namespace sakuin::index {
namespace {

TEST(AnnotatedStored, TheDocumentComesBackByteForByte) {
  const std::string members = R"("links":["a\"}"],"_links":[{"start":1}])";
  for (const std::string document : {R"({"id":"a"})", R"({ "id" : 7 })", R"({"id":"a","x":"},\"_annotated\":5}"})", R"({"id":"a","n":{"_annotated":5}})"}) {
    const std::string stored = AddAnnotations(document, members);
    EXPECT_EQ(stored.substr(0, document.size() - 1), document.substr(0, document.size() - 1));
    const SplitStored split = SplitAnnotations(stored);
    EXPECT_EQ(split.document, document);
    EXPECT_EQ(split.annotations, "{" + members + "}");
    EXPECT_EQ(SplitAnnotations(document).document, document) << "there is nothing to take away";
    EXPECT_EQ(SplitAnnotations(document).annotations, "");
    EXPECT_EQ(AddAnnotations(document, ""), document);
  }
}

TEST(AnnotatedStored, TheExampleOfTheHeader) {
  EXPECT_EQ(AddAnnotations(R"({"id":"a","body":"To Tokyo"})", R"("links":["Tokyo"])"),
            R"({"id":"a","body":"To Tokyo","links":["Tokyo"],"_annotated":18})");
}

TEST(AnnotatedStored, WhatDoesNotFitIsTheDocument) {
  for (const std::string stored : {R"({"id":"a","_annotated":900})", R"({"id":"a","_annotated":9})", R"({"id":"a","_annotated":1})",
                                   R"({"id":"a","_annotated":0})", R"({"id":"a","_annotated":-5})", R"({"id":"a","_annotated":})",
                                   R"({"id":"a","_annotated":99999999999999999999999})", R"(,"_annotated":5})", "", "}"}) {
    EXPECT_EQ(SplitAnnotations(stored).document, stored);
    EXPECT_EQ(SplitAnnotations(stored).annotations, "");
  }
}

}  // namespace
}  // namespace sakuin::index
