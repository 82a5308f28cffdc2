// Servers and pages of the worst kind, all in one crawl: each comes to the error that says so, every error is in the
// report, and the good pages are in the index.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "base/file.h"
#include "tests/base/encoded_body.h"
#include "tests/base/sanitized.h"
#include "tests/cli/crawl_fixture.h"
#include "tests/cli/tls_server.h"

namespace sakuin::cli {
namespace {

using crawler::Answer;
using crawler::Endless;
using crawler::Handler;
using crawler::HttpServer;
using crawler::PageOf;
using crawler::Raw;
using crawler::RawThenHang;
using crawler::RawThenReset;
using crawler::RedirectTo;
using crawler::ServedConnection;
using crawler::ServedRequest;
using crawler::StatusOnly;

constexpr uint64_t kMostMemory = 400 << 20;  // more than a small crawl takes
constexpr const char* kOk = "HTTP/1.1 200 OK\r\n";
constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Failure {
  const char* name;
  Handler handler;
  const char* why;  // as the report has it
};

std::vector<Failure> Failures() {
  const std::string piece(4096, 'x');
  std::vector<Failure> failures = {
      {"hang", RawThenHang(""), "the first byte of the answer took longer than allowed"},
      {"hang-in-headers", RawThenHang(std::string(kOk) + "Content-Ty"), "the answer came more slowly than allowed"},
      {"hang-in-body", RawThenHang(std::string(kOk) + "Content-Length: 100\r\n\r\nhalf"), "the answer came more slowly than allowed"},
      {"drip", crawler::Trickle(std::string(kOk) + "Content-Length: 1000000\r\n\r\n", "x"), "the answer took longer than allowed in all"},
      {"reset", RawThenReset(""), "the server closed the connection"},
      {"reset-in-status", RawThenReset("HTTP/1.1 200"), "the server closed the connection"},
      {"close", Raw(""), "the server closed the connection"},
      {"cut-headers", Raw(std::string(kOk) + "Content-Type: text/html\r\n"), "the body ends before its end"},
      {"too-long", Raw(std::string(kOk) + "Content-Length: 100\r\n\r\nonly this"), "the body ends before its end"},
      {"no-number", Raw(std::string(kOk) + "Content-Length: many\r\n\r\nx"), "the answer is not HTTP, or contradicts itself"},
      {"two-lengths", Raw(std::string(kOk) + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
       "the answer is not HTTP, or contradicts itself"},
      {"chunk-size", Raw(std::string(kChunked) + "xyz\r\nabc"), "the chunks of the body are not well-formed"},
      {"chunk-end", Raw(std::string(kChunked) + "4\r\npage\r\n"), "the body ends before its end"},
      {"gzip", PageOf("\x1F\x8B plain text", "Content-Encoding: gzip\r\n"), "the body could not be decompressed"},
      {"bomb", PageOf(GzipBomb(100), "Content-Encoding: gzip\r\n"), "the body is larger than allowed after decompression"},
      {"headers", Endless(kOk, "Name: value\r\n"), "the headers are larger than allowed"},
      {"header", Endless(std::string(kOk) + "Name: ", piece), "the headers are larger than allowed"},
      {"continue", Endless("", "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"), "the headers are larger than allowed"},
      {"body", Endless(std::string(kOk) + "\r\n", piece), "the body is larger than allowed"},
      {"chunks", Endless(kChunked, "1000\r\n" + piece + "\r\n"), "the body is larger than allowed"},
      {"attribute", Endless(std::string(kOk) + "Content-Length: 104857600\r\n\r\n<a title='", piece), "the body is larger than allowed"},
      {"garbage", Raw(std::string(5000, '\0')), "the answer is not HTTP, or contradicts itself"},
      {"ssh", Raw("SSH-2.0-server\r\n"), "the answer is not HTTP, or contradicts itself"},
      {"http-0.9", Raw("<html>a page without a status line</html>"), "the answer is not HTTP, or contradicts itself"},
      {"error", StatusOnly("500 Internal Server Error"), "HTTP 500"},
      {"gone", StatusOnly("410 Gone"), "HTTP 410"},
      {"forbidden", StatusOnly("403 Forbidden"), "HTTP 403"},
      {"nowhere", StatusOnly("302 Found"), "HTTP 302 without an address"},
      {"image", PageOf("\x89PNG\r\n\x1a\n", "Content-Type: image/png\r\n"), "image/png is not read"},
      {"pdf", PageOf("%PDF-1.7 x", "Content-Type: application/pdf\r\n"), "application/pdf is not read"},
  };
  failures.push_back({"redirects",
                      [](const ServedRequest& request, ServedConnection& connection) {
                        const std::string at = std::to_string(request.target.size());
                        connection.Send(Answer(
                            "302 Found", "Location: " + request.target + (request.target.find('?') == std::string::npos ? "?a" : "b") + "\r\n", at));
                      },
                      "there are more redirects than allowed"});
  return failures;
}

// A port of this machine at which nobody listens, and that nobody else gets meanwhile.
class ClosedPort {
 public:
  ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address_), size);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &size);
  }
  ~ClosedPort() { ::close(socket_); }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)) + "/"; }

 private:
  const int socket_;
  sockaddr_in address_{};
};

class CrawlPage : public CrawlTest {
 protected:
  void ExpectReported(const std::string& kind) const {
    const std::string report = Report();
    EXPECT_NE(report.find("  " + kind + "\n"), std::string::npos) << kind << "\n" << report;
  }

  HttpServer first_;
};

TEST_F(CrawlPage, EveryFailureIsToldAndTheRestIsThere) {
  const std::vector<Failure> failures = Failures();
  std::vector<std::unique_ptr<HttpServer>> servers;  // one each, so that none is left alone for what another did
  std::vector<std::string> links;
  for (const Failure& failure : failures) {
    servers.push_back(std::make_unique<HttpServer>());
    servers.back()->Route(std::string("/") + failure.name, failure.handler);
    servers.back()->Route("/good", PageOf(PageWith(std::string("beside ") + failure.name)));
    links.push_back(servers.back()->Url(std::string("/") + failure.name));
    links.push_back(servers.back()->Url("/good"));
  }
  const ClosedPort closed;
  HttpServer resets;
  resets.OnConnection([](ServedConnection& connection) { connection.Reset(); });
  links.insert(links.end(), {closed.Url(), resets.Url("/"), first_.Url("/last")});
  first_.Route("/", PageOf(PageWith("the first page", links)));
  first_.Route("/last", PageOf(PageWith("the last page")));
  const Ended ended = Crawl({first_.Url("/")}, {"--allow", "."});
  ASSERT_EQ(ended.code, 0) << ended.err;
  std::set<std::string> good = {first_.Url("/"), first_.Url("/last")};
  std::map<std::string, crawler::FetchRecord> logged = Logged();
  for (size_t i = 0; i < failures.size(); ++i) {
    good.insert(servers[i]->Url("/good"));
    const std::string own = logged[servers[i]->Url(std::string("/") + failures[i].name)].why;
    EXPECT_EQ(own, std::string_view(failures[i].name) == "redirects" ? "" : failures[i].why) << failures[i].name;
    ExpectReported(failures[i].why);
    EXPECT_NE(ended.err.find(failures[i].why), std::string::npos) << ended.err;
  }
  for (const char* why : {"the host refused the connection", "the server closed the connection"}) {
    ExpectReported(std::string("robots.txt: ") + why);
  }
  EXPECT_EQ(Indexed(), good);
  ExpectSound();
  ExpectMemory(ended, kMostMemory);
}

TEST_F(CrawlPage, HardPagesAreRead) {
  std::string links;
  for (int i = 0; links.size() < 10'000'000; ++i) links += "<a href=//x.io/" + std::to_string(i) + ">";
  const std::map<std::string, std::string> pages = {
      {"/deep", Repeated("<div>", 10'000) + "deepword" + Repeated("</div>", 10'000)},
      {"/attribute", "<p title='" + std::string(9'000'000, 'a') + "'>attributeword</p>"},
      {"/links", "<p>linksword</p><a href='/behind'></a>" + links},
      {"/behind", "<p>behindword</p>"},
      {"/title", "<title>" + Repeated("many words ", 900'000) + "</title><p>titleword</p>"},
      {"/unclosed", "<p>unclosedword</p>" + Repeated("<b><i><a href='", 300'000)},
      {"/last", "<p>lastword</p>"},
  };
  std::vector<std::string> paths;
  for (const auto& [path, html] : pages) {
    first_.Route(path, PageOf(html));
    paths.push_back(path);
  }
  first_.Route("/", PageOf(PageWith("the first page", paths)));
  const Ended ended = Crawl({first_.Url("/")});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Indexed().size(), pages.size() + 1);
  for (const auto& [path, html] : pages) {
    const Ended found = RunSakuin({"search", "--index", index_, "--json", path.substr(1) + "word"});
    EXPECT_NE(found.out.find(first_.Url(path)), std::string::npos) << path << found.out.substr(0, 300);
  }
  ExpectMemory(ended, kMostMemory);
}

TEST_F(CrawlPage, AnswersWithMoreBytesThanTheySay) {
  first_.Route(
      "/", Raw(Answer("200 OK", "Content-Type: text/html\r\n", PageWith("the first page", {"/a", "/b"})) + Answer("200 OK", "", "forged"), false));
  first_.Route("/a", PageOf(PageWith("page a")));
  first_.Route("/b", PageOf(PageWith("page b")));
  ASSERT_EQ(Crawl({first_.Url("/")}, {"--per-host", "1"}).code, 0);
  EXPECT_EQ(Indexed().size(), 3U);
  const Ended forged = RunSakuin({"search", "--index", index_, "--json", "--top", "0", "forged"});
  EXPECT_NE(forged.out.find("\"value\":0"), std::string::npos) << forged.out;
}

TEST_F(CrawlPage, RedirectsInACircleOverTwoHosts) {
  HttpServer second;
  first_.Route("/", PageOf(PageWith("the first page", {"/circle", "/last"})));
  first_.Route("/circle", RedirectTo(second.Url("/circle")));
  second.Route("/circle", RedirectTo(first_.Url("/circle")));
  first_.Route("/last", PageOf(PageWith("the last page")));
  ASSERT_EQ(Crawl({first_.Url("/")}, {"--allow", "."}).code, 0);
  EXPECT_EQ(Indexed(), (std::set<std::string>{first_.Url("/"), first_.Url("/last")}));
  EXPECT_EQ(first_.requests().size() + second.requests().size(), 6U) << "robots.txt of both, and each page once";
}

TEST_F(CrawlPage, AddressesThatAreNoUtf8) {
  first_.Route("/", PageOf(PageWith("the first page", {"/\xFF\xFE", "/%FF%00%zz", "/\xEA\xB0", "http://\xFF\xFF/", "http://[::1", "//%", "/last"}),
                           "Content-Type: text/html; charset=windows-1252\r\n"));
  first_.Route("/%C3%BF%C3%BE", PageOf(PageWith("two letters of windows-1252")));
  first_.Route("/%FF%00%zz", PageOf(PageWith("bytes that are no text")));
  first_.Route("/last", PageOf(PageWith("the last page")));
  const Ended ended = Crawl({first_.Url("/")});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Indexed(), (std::set<std::string>{first_.Url("/"), first_.Url("/%C3%BF%C3%BE"), first_.Url("/%FF%00%zz"), first_.Url("/last")}));
}

TEST_F(CrawlPage, AHostWithoutAnAddress) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer wants to be loaded first";
  ::setenv("LD_PRELOAD", SAKUIN_NO_NAMES, 1);
  const Ended ended = Crawl({"http://no-such-host.invalid/"});
  ::unsetenv("LD_PRELOAD");
  EXPECT_EQ(ended.code, 1) << "nothing was fetched";
  EXPECT_NE(ended.err.find("the name of the host could not be resolved"), std::string::npos) << ended.err;
  ExpectReported("robots.txt: the name of the host could not be resolved");
}

TEST_F(CrawlPage, ACertificateThatNobodyTrusts) {
  const TlsServer server;
  const Ended ended = Crawl({server.Url("/")});
  EXPECT_EQ(ended.code, 1) << "nothing was fetched";
  EXPECT_NE(ended.err.find("no trusted TLS connection could be made"), std::string::npos) << ended.err;
  ExpectReported("robots.txt: no trusted TLS connection could be made");
  EXPECT_GE(server.connections(), 1);
  EXPECT_EQ(server.questions(), 0);
}

TEST_F(CrawlPage, ACertificateOfOnesOwn) {
  const TlsServer server;
  const std::string file = scratch_.Path("ca.pem");
  ASSERT_TRUE(WriteNewFile(PosixFileSystem(), file, server.certificate()).ok());
  const Ended ended = Crawl({server.Url("/")}, {"--ca", file});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Indexed(), std::set<std::string>{server.Url("/")});
  EXPECT_EQ(server.questions(), 2) << "robots.txt and the page";
}

TEST_F(CrawlPage, AFileWithoutACertificate) {
  const std::string file = scratch_.Path("ca.pem");
  ASSERT_TRUE(WriteNewFile(PosixFileSystem(), file, "no certificate").ok());
  const Ended ended = Crawl({first_.Url("/")}, {"--ca", file});
  EXPECT_EQ(ended.code, 2);
  EXPECT_NE(ended.err.find("ca.pem holds no certificate"), std::string::npos) << ended.err;
  EXPECT_EQ(Crawl({first_.Url("/")}, {"--ca", scratch_.Path("none.pem")}).code, 2);
}

// What a process may have open is set by a shell before it.
TEST_F(CrawlPage, FewFilesAreFewRequestsAndSaidSo) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer has files of its own";
  first_.Route("/", PageOf(PageWith("one page")));
  const std::string crawl = std::string("'") + SAKUIN_PROGRAM + "' crawl --allow-private --rate 0 --into '" + index_ + "' --state '" + state_ + "' ";
  for (const char* limit : {"-n 400", "-Sn 400"}) {
    const std::string out = scratch_.Path("out");
    ASSERT_EQ(std::system(("ulimit " + std::string(limit) + " && " + crawl + first_.Url("/") + " 2> '" + out + "'").c_str()), 0) << limit;
    const std::string err = *PosixFileSystem().ReadAll(out);
    const bool is_told = err.find("400 files open at once (ulimit -n): 66 requests at once, not 256") != std::string::npos;
    EXPECT_EQ(is_told, std::string_view(limit).starts_with("-n")) << err;
  }
}

}  // namespace
}  // namespace sakuin::cli
