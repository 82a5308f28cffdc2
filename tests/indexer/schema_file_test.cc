#include "indexer/schema_file.h"

#include <gtest/gtest.h>

#include "indexer/mapped_document.h"

namespace sakuin::indexer {
namespace {

constexpr std::string_view kToml = R"(
id_field = "key"
analyzer = "english"
dynamic = false
shards = 3

[fields.title]
type = "text"
k1 = 1.5
b = 0
vote = 0.25

[fields."a.b"]
type = "keyword"
column = false

[fields.links]
dictionary = "site.dict"
from = ["title", "a.b"]

[fields.topic]
type = "keyword"
classifier = "/models/topics.model"
from = ["title"]
threshold = 0.75
)";

TEST(SchemaFile, IsReadAsItIsWritten) {
  const index::Schema schema = *ParseSchema(kToml, false);
  EXPECT_EQ(schema.id_field, "key");
  EXPECT_FALSE(schema.dynamic);
  EXPECT_EQ(schema.shards, 3U);
  const index::Field* title = schema.Find("title");
  ASSERT_NE(title, nullptr);
  EXPECT_EQ(title->analyzer, "english");
  EXPECT_EQ(title->ranking, (index::FieldRanking{1.5F, 0.0F, 0.25F}));
  EXPECT_FALSE(schema.Find("a.b")->column);
  EXPECT_EQ(*ParseSchema(FormatSchema(schema), false), schema);
}

TEST(SchemaFile, AnAnalyzerThatIsAskedForIsThatOfFieldsThatNameNone) {
  const index::Schema schema = *ParseSchema("analyzer = \"japanese\"\n[fields.a]\ntype = \"text\"\n[fields.b]\nanalyzer = \"korean\"", false, "english");
  EXPECT_EQ(schema.analyzer, "english");
  EXPECT_EQ(schema.Find("a")->analyzer, "english");
  EXPECT_EQ(schema.Find("b")->analyzer, "korean");
}

TEST(SchemaFile, JsonSaysTheSame) {
  const index::Schema schema = *ParseSchema(R"({"id_field": "key", "analyzer": "english", "dynamic": false, "shards": 3, "fields": {
    "title": {"type": "text", "k1": 1.5, "b": 0, "vote": 0.25}, "a.b": {"type": "keyword", "column": false},
    "links": {"dictionary": "site.dict", "from": ["title", "a.b"]}}})", true);
  EXPECT_EQ(*schema.Find("links"), *ParseSchema(kToml, false)->Find("links"));
  EXPECT_EQ(schema.Find("title")->ranking, ParseSchema(kToml, false)->Find("title")->ranking);
  EXPECT_FALSE(schema.Find("a.b")->column);
}

TEST(SchemaFile, SurvivesTheManifest) {
  const index::Schema schema = *ParseSchema(kToml, false);
  std::string bytes;
  schema.Encode(bytes);
  ByteReader reader(bytes);
  EXPECT_EQ(*index::Schema::Decode(reader), schema);
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(SchemaFile, FieldsThatAreAnnotatedAreKeywords) {
  const index::Schema schema = *ParseSchema(kToml, false);
  EXPECT_EQ(schema.Find("links")->type, index::FieldType::kKeyword);
  EXPECT_EQ(schema.Find("links")->annotation, (index::Annotation{index::AnnotationKind::kDictionary, "site.dict", {"title", "a.b"}, 0}));
  EXPECT_EQ(schema.Find("topic")->annotation, (index::Annotation{index::AnnotationKind::kClassifier, "/models/topics.model", {"title"}, 0.75F}));
  const index::Schema unsaid = *ParseSchema("[fields]\ntopic = {classifier = \"m\", from = [\"body\", \"body\"]}", false);
  EXPECT_EQ(unsaid.Find("topic")->annotation, (index::Annotation{index::AnnotationKind::kClassifier, "m", {"body"}, 0.5F}));
}

TEST(SchemaFile, PathsAreMeantFromTheFolderOfTheFile) {
  index::Schema schema = *ParseSchema(kToml, false);
  ResolveFiles("/sites/one/../two", schema);
  EXPECT_EQ(schema.Find("links")->annotation.file, "/sites/two/site.dict");
  EXPECT_EQ(schema.Find("topic")->annotation.file, "/models/topics.model");
  EXPECT_TRUE(schema.Find("title")->annotation.file.empty());
  EXPECT_EQ(*ParseSchema(FormatSchema(schema), false), schema);
}

TEST(SchemaFile, RefusesAnnotationsThatCannotBeMeant) {
  const std::string from = "from = [\"body\"]\n";
  for (const std::string& text :
       {std::string("dictionary = \"a\""), "dictionary = \"\"\n" + from, "dictionary = 1\n" + from, "dictionary = \"a\"\ntype = \"text\"\n" + from,
        "dictionary = \"a\"\nclassifier = \"b\"\n" + from, from, std::string("dictionary = \"a\"\nfrom = []"),
        std::string("dictionary = \"a\"\nfrom = \"body\""), std::string("dictionary = \"a\"\nfrom = [1]"),
        std::string("dictionary = \"a\"\nfrom = [\"x\"]"), "dictionary = \"a\"\nthreshold = 0.5\n" + from,
        "classifier = \"a\"\nthreshold = 1.5\n" + from}) {
    const Result<index::Schema> schema = ParseSchema("[fields.x]\n" + text, false);
    ASSERT_FALSE(schema.ok()) << text;
    EXPECT_EQ(schema.status().code(), StatusCode::kInvalidArgument) << text;
    EXPECT_NE(schema.status().ToString().find("fields.x."), std::string::npos) << schema.status().ToString();
  }
  EXPECT_FALSE(ParseSchema(R"({"fields": {"x": {"dictionary": "a", "from": [1]}}})", true).ok());
}

TEST(SchemaFile, TheKeyIsNoField) {
  const Status refused = ParseSchema("id_field = \"url\"\n[fields.url]\ntype = \"keyword\"\n", false).status();
  EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(refused.message().find("fields.url: expected nothing: it is the id_field"), std::string::npos) << refused.message();
}

TEST(SchemaFile, RefusesWhatItDoesNotUnderstand) {
  for (const char* text :
       {"[fields.x]\ntype = \"texts\"", "[fields.x]\nk1 = -1", "[fields.x]\nk1 = \"1\"", "[fields.x]\nb = 1.5", "[fields.x]\nb = nan",
        "[fields.x]\ntype = \"date\"\nvote = 1", "[fields.x]\nboost = 2", "shards = 0", "[fields._x]\ntype = \"text\"", "fields = 3", "x = "}) {
    const Result<index::Schema> schema = ParseSchema(text, false);
    ASSERT_FALSE(schema.ok()) << text;
    EXPECT_EQ(schema.status().code(), StatusCode::kInvalidArgument) << text;
    EXPECT_NE(schema.status().ToString().find("schema"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace sakuin::indexer
