// What servers do to a Fetcher: each thing ends in the error that says so, and the Fetcher goes on. Limits of time are
// small here; which error comes is the test, not when.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crawler/fetcher.h"
#include "crawler/redirect_chain.h"
#include "tests/base/encoded_body.h"
#include "tests/crawler/fetcher_testing.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\n";

// Fetches what `handler` serves, and looks whether the Fetcher is still good for a page afterwards.
FetchResult FetchFrom(Handler handler, FetchLimits limits = {}) {
  HttpServer server;
  server.Route("/", std::move(handler));
  server.Route("/page", PageOf("page"));
  const auto fetcher = LocalFetcher();
  FetchResult result = fetcher->Fetch({.url = server.Url("/"), .limits = limits});
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/page")}).body, "page");
  EXPECT_EQ(result.error_text.empty(), result.error == FetchError::kNone);
  return result;
}

std::string Bytes(std::string_view more) { return std::string(kOk).append(more); }

// A port of this machine at which nobody listens, and that nobody else gets meanwhile.
class ClosedPort {
 public:
  ClosedPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~ClosedPort() { close(socket_); }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::string port() const { return std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

TEST(FetcherHostileTest, NobodyListens) {
  const ClosedPort closed;
  const FetchResult result = LocalFetcher()->Fetch({.url = "http://127.0.0.1:" + closed.port() + "/"});
  EXPECT_EQ(result.error, FetchError::kConnectionRefused) << result.error_text;
  EXPECT_EQ(result.status, 0);
}

TEST(FetcherHostileTest, AServerThatNeverAnswers) {
  HttpServer server;
  server.OnConnection([](ServedConnection& connection) { connection.Hang(); });
  const FetchResult result = LocalFetcher()->Fetch({.url = server.Url("/"), .limits = {.first_byte = milliseconds(100)}});
  EXPECT_EQ(result.error, FetchError::kFirstByteTimeout) << result.error_text;
}

TEST(FetcherHostileTest, AServerThatNeverSpeaksTls) {
  HttpServer server;
  server.OnConnection([](ServedConnection& connection) {
    ServedRequest request;
    connection.Receive(request);  // waits for the end of a request, which no handshake has
  });
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  const FetchResult result = LocalFetcher()->Fetch({.url = url, .limits = {.tls = milliseconds(100)}});
  EXPECT_EQ(result.error, FetchError::kTlsTimeout) << result.error_text;
}

TEST(FetcherHostileTest, AServerThatSpeaksSomethingElseThanTls) {
  HttpServer server;
  server.OnConnection([](ServedConnection& connection) {
    connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.Hang();
  });
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  EXPECT_EQ(LocalFetcher()->Fetch({.url = url}).error, FetchError::kTlsFailure);
}

TEST(FetcherHostileTest, AConnectionThatIsNeverTaken) {
  // The queue of a listener that takes nobody: once it is full, a connection waits.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<int> queue;
  for (int i = 0; i < 4; ++i) {
    queue.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(queue.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  const FetchResult result = LocalFetcher()->Fetch({.url = url, .limits = {.connect = milliseconds(100)}});
  EXPECT_EQ(result.error, FetchError::kConnectTimeout) << result.error_text;
  for (const int waiting : queue) close(waiting);
  close(listener);
}

TEST(FetcherHostileTest, HangsInTheMiddle) {
  const FetchLimits limits{.slow_window = milliseconds(100)};
  EXPECT_EQ(FetchFrom(RawThenHang("HTTP/1.1 20"), {.first_byte = milliseconds(100)}).error, FetchError::kFirstByteTimeout);
  EXPECT_EQ(FetchFrom(RawThenHang(Bytes("Content-Ty")), limits).error, FetchError::kTooSlow);
  const FetchResult body = FetchFrom(RawThenHang(Bytes("Content-Length: 100\r\n\r\nhalf")), limits);
  EXPECT_EQ(body.error, FetchError::kTooSlow);
  EXPECT_EQ(body.status, 200);
  EXPECT_EQ(body.body, "half");
  EXPECT_EQ(FetchFrom(RawThenHang(Bytes("Transfer-Encoding: chunked\r\n\r\n4\r\nhal")), limits).error, FetchError::kTooSlow);
}

TEST(FetcherHostileTest, TricklesForever) {
  const std::string page = Bytes("Content-Length: 1000000\r\n\r\n");
  EXPECT_EQ(FetchFrom(Trickle(page, "x"), {.slow_window = milliseconds(100)}).error, FetchError::kTooSlow);
  EXPECT_EQ(FetchFrom(Trickle(page, "x"), {.total = milliseconds(100)}).error, FetchError::kTotalTimeout);
  EXPECT_EQ(FetchFrom(Trickle("HTTP/1.1 200 OK\r\nA: ", "x"), {.slow_window = milliseconds(100)}).error, FetchError::kTooSlow);
}

TEST(FetcherHostileTest, EndlessHeaders) {
  const FetchLimits limits{.header_bytes = 64 << 10};
  EXPECT_EQ(FetchFrom(Endless(std::string(kOk), "Name: value\r\n"), limits).error, FetchError::kHeadersTooLarge);
  EXPECT_EQ(FetchFrom(Endless(std::string(kOk) + "Name: ", std::string(1000, 'v')), limits).error, FetchError::kHeadersTooLarge) << "one line";
  EXPECT_EQ(FetchFrom(Endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), limits).error, FetchError::kHeadersTooLarge);
  EXPECT_EQ(FetchFrom(Endless(Bytes("Transfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n"), "Trailer: x\r\n"), limits).error,
            FetchError::kHeadersTooLarge);
  const FetchResult large = FetchFrom(PageOf("page", "X: " + std::string(60'000, 'y') + "\r\n"));
  EXPECT_EQ(large.error, FetchError::kNone) << large.error_text;
  EXPECT_EQ(large.headers.Find("x").size(), 60'000u);
}

TEST(FetcherHostileTest, EndlessBodies) {
  const FetchLimits limits{.body_bytes = 100'000};
  const std::string piece(4096, 'x');
  const FetchResult until_the_end = FetchFrom(Endless(Bytes("\r\n"), piece), limits);
  EXPECT_EQ(until_the_end.error, FetchError::kBodyTooLarge);
  EXPECT_EQ(until_the_end.body.size(), 100'000u);
  const FetchResult chunked = FetchFrom(Endless(Bytes("Transfer-Encoding: chunked\r\n\r\n"), "1000\r\n" + piece + "\r\n"), limits);
  EXPECT_EQ(chunked.error, FetchError::kBodyTooLarge);
  const FetchResult announced = FetchFrom(Endless(Bytes("Content-Length: 2000000000\r\n\r\n"), piece), limits);
  EXPECT_EQ(announced.error, FetchError::kBodyTooLarge);
  EXPECT_EQ(announced.body, "") << "not even begun";
  const FetchResult beginning =
      FetchFrom(Endless(Bytes("Content-Length: 2000000000\r\n\r\n"), piece), {.body_bytes = 100'000, .keep_beginning = true});
  EXPECT_EQ(beginning.error, FetchError::kBodyTooLarge);
  EXPECT_EQ(beginning.body.size(), 100'000u);
  EXPECT_EQ(FetchFrom(PageOf(std::string(100'000, 'x')), limits).error, FetchError::kNone);
  EXPECT_EQ(FetchFrom(PageOf(std::string(100'001, 'x')), limits).error, FetchError::kBodyTooLarge);
}

TEST(FetcherHostileTest, ABombIsStoppedEarly) {
  const std::string bomb = GzipBomb(400);
  const FetchResult result = FetchFrom(PageOf(bomb, "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(result.error, FetchError::kBomb);
  EXPECT_EQ(result.body.size(), FetchLimits().body_bytes);
  EXPECT_LE(result.body.capacity(), 2 * FetchLimits().body_bytes) << "of 400 MiB";
}

TEST(FetcherHostileTest, EncodingsThatDoNotHold) {
  const std::string page = Encoded("gzip", std::string(10'000, 'p'));
  EXPECT_EQ(FetchFrom(PageOf("plain text", "Content-Encoding: gzip\r\n")).body, "plain text");
  EXPECT_EQ(FetchFrom(PageOf("plain text", "Content-Encoding: deflate\r\n")).error, FetchError::kBadEncoding);
  EXPECT_EQ(FetchFrom(PageOf("plain text", "Content-Encoding: compress\r\n")).error, FetchError::kBadEncoding);
  EXPECT_EQ(FetchFrom(PageOf(page, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n")).body, std::string(10'000, 'p')) << "said twice";
  EXPECT_EQ(FetchFrom(PageOf(page.substr(0, page.size() / 2), "Content-Encoding: gzip\r\n")).error, FetchError::kTruncated);
  std::string flipped = page;
  flipped[page.size() - 5] ^= 1;
  EXPECT_EQ(FetchFrom(PageOf(flipped, "Content-Encoding: gzip\r\n")).error, FetchError::kBadEncoding);
}

TEST(FetcherHostileTest, WrongLengths) {
  const FetchResult shorter = FetchFrom(Raw(Bytes("Content-Length: 100\r\n\r\nonly this")));
  EXPECT_EQ(shorter.error, FetchError::kTruncated);
  EXPECT_EQ(shorter.body, "only this");
  for (const char* header :
       {"Content-Length: -5\r\n\r\nx", "Content-Length: many\r\n\r\nx", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"}) {
    const FetchResult result = FetchFrom(Raw(Bytes(header)));
    EXPECT_EQ(result.error, FetchError::kBadHeaders) << header;
  }
}

TEST(FetcherHostileTest, BytesBehindAnAnswerAreNeverTheNextAnswer) {
  HttpServer server;
  server.Route("/", Raw(Bytes("Content-Length: 4\r\n\r\npageHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"), false));
  server.Route("/next", PageOf("honest"));
  const auto fetcher = LocalFetcher();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(fetcher->Fetch({.url = server.Url("/")}).body, "page");
    EXPECT_EQ(fetcher->Fetch({.url = server.Url("/next")}).body, "honest");
  }
}

TEST(FetcherHostileTest, BadChunks) {
  const std::string chunked = Bytes("Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(FetchFrom(Raw(chunked + "xyz\r\nabc")).error, FetchError::kBadChunking);
  EXPECT_EQ(FetchFrom(Raw(chunked + "4\r\npageNO\r\n")).error, FetchError::kBadChunking);
  EXPECT_EQ(FetchFrom(Raw(chunked + "fffffffffffffffff\r\nx")).error, FetchError::kBadChunking);
  const FetchResult cut = FetchFrom(Raw(chunked + "4\r\npage\r\n4\r\nmo"));
  EXPECT_EQ(cut.error, FetchError::kTruncated) << cut.error_text;
  EXPECT_EQ(cut.body, "pagemo");
  EXPECT_EQ(FetchFrom(Raw(chunked + "4\r\npage\r\n")).error, FetchError::kTruncated) << "no last chunk";
}

TEST(FetcherHostileTest, ResetsAndCloses) {
  EXPECT_EQ(FetchFrom(RawThenReset("")).error, FetchError::kConnectionReset);
  EXPECT_EQ(FetchFrom(RawThenReset("HTTP/1.1 200")).error, FetchError::kConnectionReset);
  EXPECT_EQ(FetchFrom(Raw("")).error, FetchError::kConnectionReset) << "closed without an answer";
  const FetchError in_body = FetchFrom(RawThenReset(Bytes("Content-Length: 100\r\n\r\nhalf"))).error;
  EXPECT_TRUE(in_body == FetchError::kConnectionReset || in_body == FetchError::kTruncated) << FetchErrorText(in_body);
}

TEST(FetcherHostileTest, HeadersThatAreCutOff) {
  EXPECT_EQ(FetchFrom(Raw("HTTP/1.1 200 O")).error, FetchError::kConnectionReset) << "no line of an answer";
  EXPECT_EQ(FetchFrom(Raw(Bytes("Content-Ty"))).error, FetchError::kTruncated);
  EXPECT_EQ(FetchFrom(Raw(Bytes("Content-Type: text/html\r\n"))).error, FetchError::kTruncated);
}

TEST(FetcherHostileTest, Garbage) {
  for (const std::string& bytes :
       {std::string("<html>a page without a status line</html>"), std::string(5000, '\0'), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("HTTP/1.1 abc OK\r\n\r\n"), std::string("HTTP/9.9 200 OK\r\n\r\n"), Bytes(std::string("A: \0b\r\n\r\n", 9))}) {
    const FetchResult result = FetchFrom(Raw(bytes));
    EXPECT_EQ(result.error, FetchError::kBadHeaders) << bytes.substr(0, 20) << ": " << FetchErrorText(result.error) << " " << result.error_text;
  }
}

TEST(FetcherHostileTest, ManyHangingServersDoNotHoldUpTheOthers) {
  HttpServer server;
  server.Route("/hang", RawThenHang(""));
  server.Route("/page", PageOf("page"));
  const auto fetcher = LocalFetcher();
  for (int i = 0; i < 50; ++i) fetcher->Start({.url = server.Url("/hang"), .tag = 1, .limits = {.first_byte = milliseconds(300)}});
  size_t pages = 0;
  size_t hung = 0;
  for (int i = 0; i < 50; ++i) fetcher->Start({.url = server.Url("/page"), .tag = 2});
  while (fetcher->active() > 0) {
    std::vector<FetchResult> done;
    fetcher->Wait(milliseconds(1000), done);
    for (const FetchResult& result : done)
      (result.tag == 2 ? pages : hung) += result.tag == 2 ? result.body == "page" : result.error == FetchError::kFirstByteTimeout;
  }
  EXPECT_EQ(pages, 50u);
  EXPECT_EQ(hung, 50u);
}

TEST(FetcherHostileTest, RedirectLoopsEnd) {
  HttpServer server;
  server.Route("/1", RedirectTo("/2"));
  server.Route("/2", RedirectTo("/1"));
  server.Route("/on", [](const ServedRequest& request, ServedConnection& connection) {
    connection.Send(Answer("301 Moved", "Location: " + request.target + "x\r\n", ""));
  });
  const auto fetcher = LocalFetcher();
  const auto walk = [&](const std::string& first) {
    RedirectChain chain(server.Url(first), kPageRedirects);
    while (true) {
      const FetchResult result = fetcher->Fetch({.url = chain.urls().back()});
      if (!IsRedirect(result.status)) return FetchError::kNone;
      const FetchError error = chain.Follow(server.Url(result.headers.Find("location")));
      if (error != FetchError::kNone) return error;
    }
  };
  EXPECT_EQ(walk("/1"), FetchError::kRedirectLoop);
  EXPECT_EQ(walk("/on?"), FetchError::kTooManyRedirects);
  EXPECT_EQ(server.requests().size(), 2u + 11u);
}

TEST(FetcherHostileTest, UrlsThatAreNone) {
  const auto fetcher = LocalFetcher();
  for (const char* url : {"", "/path", "example.com", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1:11211/stats",
                          "http://", "http://user:word@127.0.0.1:1/", "http://user@127.0.0.1:1/", "http://127.0.0.1:99999/", "http://127.0.0.1:1/a b",
                          "http://127.0.0.1:1/a\nb", "http:/127.0.0.1/", "javascript:void(0)"}) {
    const FetchResult result = fetcher->Fetch({.url = url});
    EXPECT_EQ(result.error, FetchError::kBadUrl) << url << ": " << FetchErrorText(result.error) << " " << result.error_text;
  }
}

TEST(FetcherHostileTest, NamesThatDoNotResolve) {
  const FetchResult result = LocalFetcher()->Fetch({.url = "http://no-such-host.invalid/"});
  EXPECT_EQ(result.error, FetchError::kDnsFailure) << result.error_text;
}

}  // namespace
}  // namespace sakuin::crawler
