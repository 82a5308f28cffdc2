#include "indexer/source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "indexer/source_files.h"
#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

std::string Keys(const Reading& reading) {
  std::string keys;
  for (const index::Document& document : reading.documents) keys += (keys.empty() ? "" : " ") + document.key;
  return keys;
}

SourceOptions WithFormat(SourceFormat format) {
  SourceOptions options;
  options.format = format;
  return options;
}

TEST(OpenSources, FormatByNameThenByContent) {
  const TemporaryFolder folder;
  const std::string jsonl = "{\"id\":\"j\"}\n";
  EXPECT_EQ(Keys(ReadPaths({folder.Write("a.jsonl", jsonl), folder.Write("a.ndjson.gz", Gzip(jsonl)), folder.Write("plain", "\n " + jsonl),
                            folder.Write("packed", Zstd(jsonl))})),
            "j j j j");
  EXPECT_EQ(Keys(ReadPaths({folder.Write("a.CSV", "id,b\n1,2\n"), folder.Write("table", "a,\"id\"\n1,2\n"), folder.Write("tabs", "id\tx\n3\t\n")})),
            "1 2 3");
  EXPECT_EQ(Keys(ReadPaths({folder.Write("t1.trec", "<DOC><DOCNO>1</DOCNO></DOC>"), folder.Write("FT911", " <DOC>\n<DOCNO>2</DOCNO></DOC>")})),
            "1 2");
  const Reading page = ReadPaths({folder.Write("page", "<!doctype HTML><title>T</title>x"), folder.Write("prose", "Hello, world")});
  EXPECT_EQ(Fields(page.documents.at(0)), "title=\"T\" body=\"x\" url=\"" + folder.path("page") + "\"");
  EXPECT_EQ(page.documents.at(1).key, folder.path("prose"));
  EXPECT_EQ(Describe(ReadPaths({folder.Write("empty", "")})), "OK");
  EXPECT_EQ(ReadPaths({folder.Write("binary", std::string(100, '\0'))}).status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Keys(ReadPaths({folder.Write("odd.txt", jsonl)}, WithFormat(SourceFormat::kJsonl))), "j") << "a given format wins over the name";
}

TEST(OpenSources, AnArchiveUnderAnotherName) {
  const TemporaryFolder folder;
  const std::string archive =
      "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a/\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x\r\n\r\n";
  for (const char* name : {"a.txt", "a.html", "a.md"}) EXPECT_EQ(Keys(ReadPaths({folder.Write(name, archive)})), "http://a/") << name;
  EXPECT_EQ(Keys(ReadPaths({folder.Write("a.txt.gz", Gzip(archive))})), "http://a/");
  EXPECT_EQ(Keys(ReadPaths({folder.Write("only/a.txt", archive)})), "http://a/");
  EXPECT_EQ(Keys(ReadPaths({folder.path("only")})), "http://a/") << "in a folder, too";
  EXPECT_EQ(Keys(ReadPaths({folder.Write("about.txt", "WARC/1.0 is a format")})), folder.path("about.txt"));
  EXPECT_EQ(Keys(ReadPaths({folder.path("a.txt")}, WithFormat(SourceFormat::kText))), folder.path("a.txt")) << "a given format wins";
}

// "pages", "rows", "pages rows" or "".
std::string KindsOf(SourceSequence& source) {
  const SourceKinds kinds = source.LookAhead();
  return std::string(kinds.pages ? "pages" : "") + (kinds.pages && kinds.rows ? " " : "") + (kinds.rows ? "rows" : "");
}

std::string KindsOf(std::vector<std::string> paths, const SourceOptions& options = {}) { return KindsOf(**OpenSources(std::move(paths), options)); }

TEST(OpenSources, WhatKindsThereAreIsToldBefore) {
  const TemporaryFolder folder;
  const std::string archive = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
  const std::string page = folder.Write("site/a/b.html", "<p>x"), rows = folder.Write("docs.jsonl.gz", Gzip("{\"id\":1}"));
  folder.Write("site/robots.txt", "User-agent: *");
  folder.Write("site/style.css", "p {}");
  EXPECT_EQ(KindsOf({page}), "pages");
  EXPECT_EQ(KindsOf({folder.Write("a.warc.zst", "damaged")}), "pages");
  EXPECT_EQ(KindsOf({folder.Write("a.txt", archive)}), "pages") << "by its bytes";
  EXPECT_EQ(KindsOf({folder.Write("packed", Gzip("<!doctype html>x"))}), "pages");
  EXPECT_EQ(KindsOf({folder.path("site")}), "pages") << "texts beside them are documents of the same fields";
  EXPECT_EQ(KindsOf({rows}), "rows");
  EXPECT_EQ(KindsOf({folder.Write("table", "id,b\n1,2\n")}), "rows");
  EXPECT_EQ(KindsOf({page, rows}), "pages rows");
  EXPECT_EQ(KindsOf({folder.Write("notes.md", "# x"), folder.Write("prose", "Hello"), folder.Write("empty", "")}), "");
  EXPECT_EQ(KindsOf({rows}, WithFormat(SourceFormat::kHtml)), "pages") << "a given format wins";
  EXPECT_EQ(KindsOf({page}, WithFormat(SourceFormat::kText)), "");
  folder.Write("site/data.json", "{}");
  EXPECT_EQ(KindsOf({folder.path("site")}), "pages rows");
}

TEST(OpenSources, OfLargeFoldersTheFirstFilesTellTheKinds) {
  const TemporaryFolder folder;
  for (int i = 10000; i < 19999; ++i) folder.Write("pages/" + std::to_string(i) + ".html", "");
  folder.Write("pages/20000.json", "{}");
  EXPECT_EQ(KindsOf({folder.path("pages")}), "pages rows") << "the last of 10,000";
  folder.Write("pages/19999.html", "");
  EXPECT_EQ(KindsOf({folder.path("pages")}), "pages");
  EXPECT_EQ(KindsOf({folder.path("pages"), folder.path("pages/20000.json")}), "pages rows") << "those that are named count always";
}

// What was looked at in a pipe is read afterwards, of all paths that lead to it once.
TEST(OpenSources, APipeThatWasLookedIntoIsWhole) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string page = "<!doctype html><title>T</title>x";
  std::thread writer([&] {
    for (const char c : page) EXPECT_EQ(write(ends[1], &c, 1), 1);
    close(ends[1]);
  });
  SourceOptions options;
  options.standard_input = ends[0];
  const Result<std::unique_ptr<SourceSequence>> source = OpenSources({"-", "-"}, options);
  EXPECT_EQ(KindsOf(**source), "pages");
  (*source)->SetIdField("url");
  const Reading reading = ReadAll(**source);
  writer.join();
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_EQ(reading.documents[0].key, "stdin");
  EXPECT_EQ(Fields(reading.documents[0]), "title=\"T\" body=\"x\"") << "its url is the key";
  close(ends[0]);
}

// As of `tee >(...)`: what comes to the second is what was read of the first.
TEST(OpenSources, ASecondPipeIsNotWaitedForBeforeTheFirstIsRead) {
  int first[2], second[2];
  ASSERT_EQ(pipe(first), 0);
  ASSERT_EQ(pipe(second), 0);
  const std::string page = "<!doctype html><title>T</title>x";
  ASSERT_EQ(write(first[1], page.data(), page.size()), static_cast<ssize_t>(page.size()));
  close(first[1]);
  SourceOptions options;
  options.standard_input = first[0];
  const std::string path = "/dev/fd/" + std::to_string(second[0]);
  const Result<std::unique_ptr<SourceSequence>> source = OpenSources({"-", path}, options);
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  EXPECT_EQ(KindsOf(**source), "pages");
  const TemporaryFolder folder;
  const std::string named = folder.path("a.jsonl");
  ASSERT_EQ(mkfifo(named.c_str(), 0600), 0);
  EXPECT_EQ(KindsOf({named, path}), "rows") << "nor when the first is known by its name";
  index::Document document;
  EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kDocument);
  EXPECT_EQ(document.key, "stdin");
  const std::string row = "{\"id\":\"r\"}\n";
  ASSERT_EQ(write(second[1], row.data(), row.size()), static_cast<ssize_t>(row.size()));
  close(second[1]);
  EXPECT_EQ(Keys(ReadAll(**source)), "r");
  close(first[0]);
  close(second[0]);
}

TEST(OpenSources, StandardInputIsNoFileCalledSo) {
  const TemporaryFolder folder;
  folder.Write("-", "{\"id\":\"of the file\"}\n");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string rows = "{\"id\":1}\n{\"id\":2}\n";
  ASSERT_EQ(write(ends[1], rows.data(), rows.size()), static_cast<ssize_t>(rows.size()));
  close(ends[1]);
  SourceOptions options;
  options.standard_input = ends[0];
  const Result<std::unique_ptr<SourceSequence>> source = OpenSources({"-"}, options);
  EXPECT_EQ(KindsOf(**source), "rows");
  EXPECT_EQ(Keys(ReadAll(**source)), "1 2");
  close(ends[0]);
  std::filesystem::current_path(before);
}

TEST(OpenSources, Errors) {
  const TemporaryFolder folder;
  const Reading missing = ReadPaths({folder.Write("a.jsonl", "{\"id\":1}"), folder.path("missing.jsonl")});
  EXPECT_EQ(missing.status.code(), StatusCode::kNotFound);
  EXPECT_NE(missing.status.message().find("missing.jsonl"), std::string::npos);
  EXPECT_TRUE(missing.documents.empty()) << "seen before anything is read";
  EXPECT_EQ(ReadPaths({}).status.code(), StatusCode::kInvalidArgument);
  const std::string packed = Gzip("{\"id\":1}\n{\"id\":2}\n");
  const std::string cut = folder.Write("cut.jsonl.gz", packed.substr(0, packed.size() - 4));
  const Result<std::unique_ptr<SourceSequence>> source = OpenSources({cut, folder.path("a.jsonl")}, {});
  const Reading damaged = ReadAll(**source);
  EXPECT_EQ(Keys(damaged), "1 2");
  EXPECT_EQ(damaged.status.code(), StatusCode::kDataLoss);
  EXPECT_EQ(damaged.status.message().find(cut), 0U);
  index::Document document;
  EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kEnd) << "after an error";
}

TEST(OpenSources, FoldersAreWalkedInOrder) {
  const TemporaryFolder folder;
  folder.Write("f/b.txt", "b");
  folder.Write("f/a/z.txt", "z");
  folder.Write("f/a/y.txt.gz", Gzip("y"));
  folder.Write("f/.hidden/x.txt", "x");
  folder.Write("f/c.md", "# c");
  folder.Write("f/d.jsonl", "{\"id\":\"d\"}\nbroken");
  folder.Write("f/no-extension", "e");
  folder.Write("f/image.png", std::string("\x89PNG\0\0", 6));
  folder.Write("f/zero.txt", std::string(10, '\0'));
  const Reading all = ReadPaths({folder.path("f")});
  EXPECT_EQ(Keys(all), "a/y.txt.gz a/z.txt b.txt c.md d");
  EXPECT_EQ(all.errors.size(), 1U);
  EXPECT_EQ(all.progress.files_skipped, 3U);
  EXPECT_EQ(Keys(ReadPaths({folder.path("f")}, WithFormat(SourceFormat::kText))), "a/y.txt.gz a/z.txt b.txt no-extension");
  EXPECT_EQ(Keys(ReadPaths({folder.path("f")}, WithFormat(SourceFormat::kMarkdown))), "c.md");
  EXPECT_EQ(Keys(ReadPaths({folder.path("f/a"), folder.path("f/c.md")})),
            folder.path("f/a/y.txt.gz") + " " + folder.path("f/a/z.txt") + " " + folder.path("f/c.md"));
  EXPECT_EQ(Keys(ReadPaths({folder.path("f/../f//a/./"), folder.path("./f/c.md")})),
            folder.path("f/a/y.txt.gz") + " " + folder.path("f/a/z.txt") + " " + folder.path("f/c.md"));
  SourceOptions only = WithFormat(SourceFormat::kText);
  only.folder_extensions = {".txt", ".md"};
  only.measure_folders = true;
  const Reading filtered = ReadPaths({folder.path("f")}, only);
  EXPECT_EQ(Keys(filtered), "a/y.txt.gz a/z.txt b.txt c.md");
  EXPECT_EQ(filtered.progress.bytes_total, 2 + 3 + 10 + Gzip("y").size());
}

TEST(OpenSources, AFolderThatContainsItself) {
  const TemporaryFolder folder;
  folder.Write("loop/a.txt", "some text");
  std::filesystem::create_directory_symlink(folder.path("loop"), folder.path("loop/again"));
  std::filesystem::create_directory_symlink(folder.path(), folder.path("loop/up"));
  folder.Write("other/b.txt", "other");
  std::filesystem::create_directory_symlink(folder.path("other"), folder.path("loop/other"));
  std::filesystem::create_symlink("nowhere", folder.path("loop/zz.txt"));
  const Reading reading = ReadPaths({folder.path("loop")}, WithFormat(SourceFormat::kText));
  EXPECT_EQ(Keys(reading), "a.txt other/b.txt");
  ASSERT_EQ(reading.errors.size(), 1U) << "the link to nowhere";
  EXPECT_EQ(reading.errors[0].file, folder.path("loop/zz.txt"));
}

TEST(OpenSources, InAFolderAFileThatFailsIsOneBrokenRecord) {
  const TemporaryFolder folder;
  folder.Write("f/a.jsonl", "{\"id\":\"a\"}");
  const std::string packed = Gzip("{\"id\":\"b\"}\n");
  folder.Write("f/b.jsonl.gz", packed.substr(0, packed.size() - 4));
  folder.Write("f/c.csv", "key,value\n1,2\n");
  folder.Write("f/d.jsonl", "{\"id\":\"d\"}");
  folder.Write("f/e.txt.gz", packed.substr(0, 12));
  const Reading reading = ReadPaths({folder.path("f")});
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(Keys(reading), "a b d");
  ASSERT_EQ(reading.errors.size(), 3U) << Describe(reading);
  EXPECT_EQ(reading.errors[0].ToString().find(folder.path("f/b.jsonl.gz") + ": gzip data ends too early"), 0U) << reading.errors[0].ToString();
  EXPECT_EQ(reading.errors[1].ToString().find(folder.path("f/c.csv") + ": the table has no column 'id'"), 0U) << reading.errors[1].ToString();
}

TEST(OpenSources, UnreadableFilesAreReported) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  folder.Write("f/a.txt", "a");
  chmod(folder.Write("f/b.txt", "b").c_str(), 0);
  const Reading reading = ReadPaths({folder.path("f")});
  EXPECT_EQ(Keys(reading), "a.txt");
  EXPECT_EQ(reading.errors.size(), 1U);
}

TEST(OpenSources, SpecialFilesInFoldersAreLeftOut) {
  const TemporaryFolder folder;
  folder.Write("f/a.txt", "a");
  ASSERT_EQ(mkfifo(folder.path("f/pipe.txt").c_str(), 0600), 0);
  EXPECT_EQ(Keys(ReadPaths({folder.path("f")})), "a.txt");
}

TEST(OpenSources, Progress) {
  const TemporaryFolder folder;
  const std::string packed = Gzip("{\"id\":1}\n");
  const Reading reading = ReadPaths({folder.Write("a.jsonl", "{\"id\":1}\n\n"), folder.Write("b.jsonl.gz", packed)});
  EXPECT_EQ(reading.progress.bytes_total, 10 + packed.size());
  EXPECT_EQ(reading.progress.bytes_read, 10 + packed.size());
}

// Standard input that pauses: every complete record comes at once.
TEST(OpenSources, StandardInputThatPauses) {
  for (const SourceFormat format : {SourceFormat::kJsonl, SourceFormat::kAuto}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    SourceOptions options = WithFormat(format);
    options.standard_input = ends[0];
    const Result<std::unique_ptr<SourceSequence>> source = OpenSources({"-"}, options);
    ASSERT_TRUE(source.ok());
    const auto send = [&](std::string_view bytes) { ASSERT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size())); };
    index::Document document;
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kWouldBlock);
    EXPECT_FALSE((*source)->WaitReadable(std::chrono::milliseconds(5)));
    send("{\"id\":\"a\"}\n{\"id\":");
    EXPECT_TRUE((*source)->WaitReadable(std::chrono::milliseconds(1000)));
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kDocument);
    EXPECT_EQ(document.key, "a");
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kWouldBlock);
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kWouldBlock);
    send("\"b\"}\n");
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kDocument);
    EXPECT_EQ(document.key, "b");
    EXPECT_EQ((*source)->line(), 2U);
    EXPECT_EQ((*source)->file(), "stdin");
    send("{\"id\":\"c\"}");
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kWouldBlock);
    close(ends[1]);
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kDocument) << "the last line needs no end";
    EXPECT_EQ(*(*source)->Next(document), ReadOutcome::kEnd);
    close(ends[0]);
  }
}

// Bytes that come one at a time, in every format.
TEST(OpenSources, AnyPauseInAnyFormat) {
  const std::pair<SourceFormat, std::string> cases[] = {{SourceFormat::kJsonl, "\xEF\xBB\xBF{\"id\":1}\nbroken\n{\"id\":2}"},
                                                        {SourceFormat::kCsv, "id,a\n1,\"x\ny\"\n2\n3,z"},
                                                        {SourceFormat::kTrec, "<DOC><DOCNO>1</DOCNO>a</DOC>x<DOC><DOCNO>2</DOCNO>b</DOC>"},
                                                        {SourceFormat::kText, "one\ntwo"},
                                                        {SourceFormat::kHtml, "<title>t</title>one"},
                                                        {SourceFormat::kJsonl, Gzip("{\"id\":1}\n{\"id\":2}")},
                                                        {SourceFormat::kJsonl, Zstd("{\"id\":1}\n{\"id\":2}")}};
  for (const auto& [format, bytes] : cases) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    SourceOptions options = WithFormat(format);
    options.standard_input = ends[0];
    const Result<std::unique_ptr<SourceSequence>> source = OpenSources({"-"}, options);
    Reading reading;
    index::Document document;
    for (size_t sent = 0;;) {
      const Result<ReadOutcome> outcome = (*source)->Next(document);
      ASSERT_TRUE(outcome.ok()) << outcome.status().ToString();
      if (*outcome == ReadOutcome::kEnd) break;
      if (*outcome == ReadOutcome::kDocument) reading.documents.push_back(document);
      if (*outcome == ReadOutcome::kDocument) reading.lines.push_back((*source)->line());
      if (*outcome == ReadOutcome::kBrokenRecord) reading.errors.push_back((*source)->error());
      if (*outcome != ReadOutcome::kWouldBlock) continue;
      ASSERT_LE(sent, bytes.size());
      if (sent == bytes.size()) {
        close(ends[1]);
      } else {
        ASSERT_EQ(write(ends[1], bytes.data() + sent, 1), 1);
      }
      ++sent;
    }
    close(ends[0]);
    Reading whole;
    {
      const TemporaryFolder folder;
      const std::string file = folder.Write("whole", bytes);
      SourceOptions again = WithFormat(format);
      again.standard_input = open(file.c_str(), O_RDONLY);
      whole = ReadPaths({"-"}, again);
      close(again.standard_input);
    }
    EXPECT_EQ(Describe(reading), Describe(whole));
    EXPECT_FALSE(reading.documents.empty());
  }
}

TEST(SourceFormats, Names) {
  EXPECT_EQ(*ParseSourceFormat("trec"), SourceFormat::kTrec);
  const Status unknown = ParseSourceFormat("pdf").status();
  EXPECT_EQ(unknown.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(unknown.message().find("auto, jsonl, csv, tsv, trec, text, html, markdown, warc"), std::string::npos);
  EXPECT_EQ(FormatOfPath("a/b.JSONL.gz"), SourceFormat::kJsonl);
  EXPECT_EQ(FormatOfPath("a.gz"), SourceFormat::kAuto);
  EXPECT_EQ(SniffFormat("id\n", "id"), SourceFormat::kAuto);
}

}  // namespace
}  // namespace sakuin::indexer
