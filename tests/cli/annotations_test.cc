// Fields that a dictionary or a model fills, from outside: index, search, update, relink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "index/annotated_stored.h"
#include "index/snapshot.h"
#include "tests/base/scratch_folder.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Annotations : public testing::Test {
 protected:
  // Odd blanks and escapes: what is stored has to stay as it is written here.
  void SetUp() override {
    documents_ = {{"a", R"({"id":"a",  "title":"Tokyo's soup", "body":"A noodle bowl in Tokyo, then to Kyoto \u00e9" })"},
                  {"b", R"({"id":"b","title":"trains","body":["station and hotel","a ticket to Kyoto"],"n":1.50})"},
                  {"c", R"({"id":"c","title":"nothing","body":"xyzzy"})"},
                  {"d", R"({"id":"d","title":"東京都庁","body":"map of 大阪 , station"})"}};
    Write("docs.jsonl", documents_["a"] + "\n" + documents_["b"] + "\n" + documents_["c"] + "\n" + documents_["d"] + "\n");
    Write("site.tsv", "Tokyo\t/wiki/Tokyo\nKyoto\n");
    std::string examples;
    for (int i = 0; i < 10; ++i) {
      const std::string n = std::to_string(i);
      examples += json{{"id", "f" + n}, {"label", "food"}, {"text", "soup noodle rice bowl cook " + n}}.dump() + "\n";
      examples += json{{"id", "t" + n}, {"label", "travel"}, {"text", "train station ticket hotel map " + n}}.dump() + "\n";
    }
    Write("train.jsonl", examples);
    Run({"classify", "train", "--model", Path("topics.model"), Path("train.jsonl")});
    Write("schema.toml", "[fields]\nlinks = {dictionary = \"site.tsv\", from = [\"title\", \"body\"]}\n"
                         "category = {classifier = \"topics.model\", from = [\"title\", \"body\"], threshold = 0.6}\n");
  }

  std::string Path(const std::string& name) const { return scratch_.Path(name); }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(Path(name), std::ios::binary) << text; }

  static std::string Run(const std::vector<std::string>& arguments) {
    const Ended ended = RunSakuin(arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }
  static json RunJson(const std::vector<std::string>& arguments) { return json::parse(Run(arguments), nullptr, false); }

  json Index(const std::string& file = "docs.jsonl") const {
    return RunJson({"index", "--index", index_, "--schema", Path("schema.toml"), "--json", Path(file)});
  }
  json Search(const std::string& query, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> arguments = {"search", "--index", index_, "--json", "--sort", "_key"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), {"--", query});
    return RunJson(arguments);
  }
  json Hit(const std::string& key) const { return Search("_key:" + key)["hits"].at(0); }
  std::vector<std::string> Keys(const std::string& query) const {
    std::vector<std::string> keys;
    const json answer = Search(query);
    for (const json& hit : answer["hits"]) keys.push_back(hit["key"]);
    return keys;
  }
  uint64_t Generation() const { return RunJson({"inspect", "--json", index_})["generation"]; }
  // Without what other tests look at.
  json Relink(std::vector<std::string> keywords) const {
    keywords.insert(keywords.begin(), {"relink", "--index", index_, "--json", "--keyword"});
    json done = RunJson(keywords);
    EXPECT_EQ(done["documents"], Search("*")["total"]["value"]);
    return {{"looked_at", done["looked_at"]}, {"changed", done["changed"]}};
  }

  // Of every document, what is stored without annotations.
  std::map<std::string, std::string> Stored() const {
    std::map<std::string, std::string> stored;
    const auto snapshot = *index::Snapshot::Open(PosixFileSystem(), index_);
    for (const index::Snapshot::Part& part : snapshot->parts()) {
      for (index::DocId doc = 0; doc < part.segment->documents(); ++doc) {
        std::string text;
        EXPECT_TRUE(part.segment->stored().Read(doc, text).ok());
        if (!part.IsDeleted(doc)) stored[std::string(part.segment->key(doc))] = index::SplitAnnotations(text).document;
      }
    }
    return stored;
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  std::map<std::string, std::string> documents_;
};

TEST_F(Annotations, AreFacetsWithSpans) {
  const json done = Index();
  EXPECT_EQ(done["indexed"], 4);
  EXPECT_EQ(done["unsure"], (json{{"category", 1}})) << "xyzzy is no word of the model";
  EXPECT_EQ(Search("*", {"--facet", "links,category"})["facets"],
            json::parse(R"({"links":[{"value":"Kyoto","count":2},{"value":"Tokyo","count":1}],
                            "category":[{"value":"travel","count":2},{"value":"food","count":1}]})"));
  EXPECT_THAT(Keys("links:Kyoto"), ElementsAre("a", "b"));
  EXPECT_THAT(Keys("category:travel AND links:*"), ElementsAre("b"));
  EXPECT_THAT(Keys("-category:*"), ElementsAre("c"));
  const json hit = Hit("a");
  EXPECT_EQ(hit["fields"]["links"], (json{"Tokyo", "Kyoto"}));
  EXPECT_EQ(hit["fields"]["category"], "food");
  EXPECT_EQ(hit["links"], json::parse(R"([
      {"facet":"links","field":"title","value":0,"start":0,"end":5,"keyword":"Tokyo","target":"/wiki/Tokyo"},
      {"facet":"links","field":"body","value":0,"start":17,"end":22,"keyword":"Tokyo","target":"/wiki/Tokyo"},
      {"facet":"links","field":"body","value":0,"start":32,"end":37,"keyword":"Kyoto","target":"Kyoto"}])"));
  EXPECT_EQ(Hit("b")["links"][0]["value"], 1) << "the second of its values";
  EXPECT_EQ(Hit("c")["links"], json::array());
  EXPECT_EQ(Stored(), documents_);
}

TEST_F(Annotations, AreShownToPeople) {
  Index();
  const auto shown = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"search", "--index", index_});
    return Run(options);
  };
  EXPECT_THAT(shown({"noodle"}), HasSubstr("\n     category: food\n     links: Tokyo (/wiki/Tokyo), Kyoto\n")) << "each once";
  EXPECT_THAT(shown({"trains"}), HasSubstr("\n     category: travel\n     links: Kyoto\n"));
  EXPECT_THAT(shown({"xyzzy"}), Not(AnyOf(HasSubstr("category:"), HasSubstr("links:"))));
  EXPECT_THAT(shown({"--fields", "title", "noodle"}), Not(HasSubstr("links:")));
  EXPECT_THAT(shown({"--fields", "title,links", "links:Kyoto"}), AllOf(HasSubstr("     links: Tokyo (/wiki/Tokyo), Kyoto\n"), Not(HasSubstr("[\""))));
  Write("own.jsonl", R"({"id":"e","body":"soup","links":["mine","yours"],"category":"x"})" "\n");
  Run({"index", "--index", index_, Path("own.jsonl")});
  EXPECT_THAT(shown({"_key:e"}), HasSubstr("\n     category: x\n     links: mine, yours\n"));
  std::string many;
  std::string text;
  for (int i = 0; i < 10; ++i) {
    many += "word" + std::to_string(i) + "\n";
    text += "word" + std::to_string(i) + " ";
  }
  Write("site.tsv", many);
  Write("own.jsonl", json{{"id", "f"}, {"body", text}}.dump() + "\n");
  Run({"index", "--index", index_, Path("own.jsonl")});
  EXPECT_THAT(shown({"_key:f"}), HasSubstr("word6, word7, and 2 more\n"));
}

TEST_F(Annotations, ShowOnlyWhatIsAskedForAndStored) {
  Index();
  EXPECT_EQ(Search("_key:a", {"--fields", "title"})["hits"][0]["fields"], (json{{"title", "Tokyo's soup"}}));
  EXPECT_EQ(Search("_key:a", {"--fields", "title"})["hits"][0]["links"], json::array());
  EXPECT_EQ(Search("_key:a", {"--fields", "links"})["hits"][0]["links"].size(), 3U);
  std::string schema = *PosixFileSystem().ReadAll(index_ + "/schema.toml");
  schema.insert(schema.find("dictionary = "), "stored = false\n");
  std::ofstream(index_ + "/schema.toml") << schema;
  Run({"index", "--index", index_, Path("docs.jsonl")});
  EXPECT_FALSE(Hit("a")["fields"].contains("links"));
  EXPECT_EQ(Hit("a")["links"], json::array());
  EXPECT_THAT(Keys("links:Tokyo"), ElementsAre("a"));
}

// The schema of the index knows where its files are, whatever folder one is in, and until it is edited.
TEST_F(Annotations, AreMadeByEveryLaterRun) {
  Index();
  Write("more.jsonl", R"({"id":"c","title":"To Kyoto","body":"by train"})" "\n" R"({"id":"e","body":"Osaka"})" "\n");
  const json done = RunJson({"index", "--index", index_, "--json", Path("more.jsonl")});
  EXPECT_EQ(done["updated"], 1);
  EXPECT_EQ(done["unsure"], (json{{"category", 1}}));
  EXPECT_THAT(Keys("links:Kyoto"), ElementsAre("a", "b", "c"));
  EXPECT_EQ(Hit("c")["fields"]["category"], "travel");

  Write("other.tsv", "Osaka\n");
  std::string schema = *PosixFileSystem().ReadAll(index_ + "/schema.toml");
  const std::string named = Path("site.tsv");
  schema.replace(schema.find(named), named.size(), "../other.tsv");
  std::ofstream(index_ + "/schema.toml") << schema;
  Run({"index", "--index", index_, Path("more.jsonl")});
  EXPECT_THAT(Keys("links:Osaka"), ElementsAre("e"));
  EXPECT_THAT(Keys("links:Kyoto"), ElementsAre("a", "b")) << "those that were not written again";
}

TEST_F(Annotations, OfTheDocumentItselfStay) {
  Write("own.jsonl", R"({"id":"a","body":"soup in Tokyo","links":["mine"],"category":"x"})" "\n");
  const json done = Index("own.jsonl");
  EXPECT_EQ(done["unsure"], (json{{"category", 0}}));
  EXPECT_EQ(Hit("a")["fields"], json::parse(R"({"id":"a","body":"soup in Tokyo","links":["mine"],"category":"x"})"));
  EXPECT_EQ(Relink({"Tokyo"})["changed"], 0);
  for (const char* name : {"_links", "_annotated"}) {
    Write("own.jsonl", json{{"id", "b"}, {name, 1}}.dump() + "\n");
    const Ended refused = RunSakuin({"index", "--index", index_, Path("own.jsonl")});
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr(name));
  }
}

TEST_F(Annotations, AreInTheJournalToo) {
  Write("schema.toml", "[fields]\nlinks = {dictionary = \"site.tsv\", from = [\"body\"]}\n");
  ChildProgram writer({"index", "--index", index_, "--schema", Path("schema.toml"), "--acks", "--format", "jsonl", "-"});
  ASSERT_TRUE(writer.Write("{\"id\":\"a\",\"body\":\"To Kyoto\"}\n"));
  for (int i = 0; i < 2000 && writer.Output().find("acknowledged 1") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_THAT(writer.Output(), HasSubstr("acknowledged 1"));
  writer.Kill();
  writer.Wait();
  ASSERT_TRUE(PosixFileSystem().Remove(Path("site.tsv")).ok());
  EXPECT_THAT(Keys("links:Kyoto"), ElementsAre("a")) << "recovered without the dictionary";
}

TEST_F(Annotations, RelinkFindsWhatContainsANewKeyword) {
  Index();
  Write("site.tsv", "Tokyo\t/wiki/Tokyo\nKyoto\n京都\t/wiki/京都\n大阪\n");
  EXPECT_EQ(Relink({"大阪"}), (json{{"looked_at", 1}, {"changed", 1}}));
  EXPECT_THAT(Keys("links:大阪"), ElementsAre("d"));
  EXPECT_EQ(Hit("d")["fields"]["links"], (json{"京都", "大阪"})) << "all the links of a document that is linked again";
  EXPECT_EQ(Hit("d")["fields"]["category"], "travel") << "labels stay";
  const uint64_t generation = Generation();
  EXPECT_EQ(Relink({"京都"}), (json{{"looked_at", 1}, {"changed", 0}}));
  EXPECT_EQ(Generation(), generation) << "nothing to write";
  EXPECT_EQ(Stored(), documents_);
  EXPECT_EQ(RunJson({"verify", "--json", index_})["ok"], true);
}

TEST_F(Annotations, RelinkTakesAwayWhatIsNoKeywordAnyMore) {
  Index();
  Write("site.tsv", "Kyoto\n");
  EXPECT_EQ(Relink({"Tokyo"}), (json{{"looked_at", 1}, {"changed", 1}}));
  EXPECT_THAT(Keys("links:Tokyo"), IsEmpty());
  EXPECT_EQ(Hit("a")["links"].size(), 1U);
  EXPECT_EQ(Hit("a")["fields"]["category"], "food");
  Write("site.tsv", "");
  EXPECT_EQ(Relink({"kyoto"})["changed"], 2) << "whatever its case";
  EXPECT_EQ(Search("*", {"--facet", "links"})["facets"]["links"], json::array());
  Write("site.tsv", "Tokyo\nxyzzy\n");
  EXPECT_EQ(Relink({"Tokyo", "xyzzy"}), (json{{"looked_at", 2}, {"changed", 2}}));
  const json all = RunJson({"relink", "--index", index_, "--all", "--json"});
  EXPECT_EQ(all["looked_at"], 4);
  EXPECT_EQ(all["changed"], 0);
  EXPECT_EQ(Stored(), documents_);
}

// A new target is a change of the spans alone.
TEST_F(Annotations, RelinkTakesUpACompiledDictionary) {
  Write("first.tsv", "Kyoto\t/1\n");
  Write("second.tsv", "Kyoto\t/2\n");
  std::filesystem::remove(Path("site.tsv"));
  Run({"keywords", "build", "--out", Path("site.tsv"), Path("first.tsv")});
  Index();
  EXPECT_EQ(Hit("b")["links"][0]["target"], "/1");
  Run({"keywords", "build", "--out", Path("site.tsv"), Path("second.tsv")});
  EXPECT_EQ(Relink({"Kyoto"})["changed"], 2);
  EXPECT_EQ(Hit("b")["links"][0]["target"], "/2");
}

TEST_F(Annotations, FilesThatAreNotThereOrDamagedAreNamed) {
  const auto refused = [&](const std::vector<std::string>& arguments) {
    const Ended ended = RunSakuin(arguments);
    EXPECT_EQ(ended.code, 1);
    return ended.err;
  };
  const std::vector<std::string> index = {"index", "--index", index_, "--schema", Path("schema.toml"), Path("docs.jsonl")};
  std::filesystem::rename(Path("site.tsv"), Path("away"));
  EXPECT_THAT(refused(index), HasSubstr("field 'links' of the schema, dictionary " + Path("site.tsv")));
  EXPECT_FALSE(PosixFileSystem().Exists(index_ + "/CURRENT"));
  std::filesystem::rename(Path("away"), Path("site.tsv"));
  Index();
  std::string model = *PosixFileSystem().ReadAll(Path("topics.model"));
  model[model.size() / 2] ^= 1;
  Write("topics.model", model);
  EXPECT_THAT(refused({"index", "--index", index_, Path("docs.jsonl")}), HasSubstr("field 'category' of the schema, classifier " + Path("topics.model")));
  EXPECT_EQ(Relink({"Tokyo"})["looked_at"], 1) << "which needs no model";
  std::filesystem::remove(Path("site.tsv"));
  Run({"keywords", "build", "--out", Path("site.tsv"), Path("docs.jsonl")});
  std::filesystem::resize_file(Path("site.tsv"), 100);
  EXPECT_THAT(refused({"relink", "--index", index_, "--keyword", "Tokyo"}), HasSubstr("field 'links' of the schema, dictionary "));
  std::filesystem::remove(Path("site.tsv"));
  EXPECT_EQ(Keys("links:Kyoto").size(), 2U) << "a search reads neither";
  EXPECT_EQ(RunJson({"delete", "--index", index_, "--json", "a"})["deleted"], 1);
}

TEST_F(Annotations, RelinkSaysWhatItNeeds) {
  const Ended none = RunSakuin({"relink", "--index", index_, "--keyword", "Tokyo"});
  EXPECT_EQ(none.code, 1);
  EXPECT_FALSE(PosixFileSystem().Exists(index_)) << "nothing is made";
  Run({"index", "--index", index_, Path("docs.jsonl")});
  const Ended plain = RunSakuin({"relink", "--index", index_, "--keyword", "Tokyo"});
  EXPECT_EQ(plain.code, 1);
  EXPECT_THAT(plain.err, HasSubstr("names a dictionary"));
  EXPECT_EQ(RunSakuin({"relink", "--index", index_}).code, 2);
  EXPECT_EQ(RunSakuin({"relink", "--index", index_, "--all", "--keyword", "x"}).code, 2);
  EXPECT_EQ(RunSakuin({"relink", "--index", index_, "--keyword", ""}).code, 2);
}

TEST_F(Annotations, SaysWhichFieldNoDocumentHas) {
  Write("schema.toml", "dynamic = true\n[fields.links]\ndictionary = \"site.tsv\"\nfrom = [\"title\", \"boddy\"]\n");
  const std::vector<std::string> index = {"index", "--index", index_, "--schema", Path("schema.toml"), Path("docs.jsonl")};
  const Ended ended = RunSakuin(index);
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("note: the field 'links' is made from 'boddy', which no document has\n"));
  EXPECT_THAT(ended.err, Not(HasSubstr("from 'title'")));
}

}  // namespace
}  // namespace sakuin::cli
