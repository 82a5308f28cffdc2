#include "base/status.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace sakuin {
namespace {

TEST(StatusTest, DefaultIsOk) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.ToString(), "OK");
  EXPECT_TRUE(OkStatus().ok());
}

TEST(StatusTest, OkCodeDropsTheMessage) { EXPECT_TRUE(Status(StatusCode::kOk, "ignored").ok()); }

TEST(StatusTest, SaysCodeAndMessage) {
  const Status status = DataLossError("expected 3, found 4");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_EQ(status.ToString(), "DATA_LOSS: expected 3, found 4");
}

TEST(StatusTest, CodesAreThoseOfGrpc) {
  const char* const kNames[] = {"OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
                                "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
                                "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
                                "DATA_LOSS", "UNAUTHENTICATED"};
  int code = 0;
  for (const char* name : kNames) EXPECT_EQ(StatusCodeName(static_cast<StatusCode>(code++)), name);
  EXPECT_EQ(StatusCodeName(static_cast<StatusCode>(99)), "UNKNOWN");
}

TEST(StatusTest, CopiesAreEqualAndIndependent) {
  Status first = NotFoundError("a");
  Status second = first;
  first = OkStatus();
  EXPECT_TRUE(first.ok());
  EXPECT_EQ(second.message(), "a");
  first = second;
  EXPECT_EQ(first.ToString(), second.ToString());
  Status& self = second;
  second = self;
  EXPECT_EQ(second.message(), "a");
}

TEST(StatusTest, ContextComesFirst) {
  EXPECT_EQ(InvalidArgumentError("not a number").WithContext("line 3").ToString(), "INVALID_ARGUMENT: line 3: not a number");
  EXPECT_TRUE(OkStatus().WithContext("line 3").ok());
}

TEST(StatusTest, ErrorsOfTheSystemGetTheirCodes) {
  EXPECT_EQ(ErrnoError(ENOENT, "x").code(), StatusCode::kNotFound);
  EXPECT_EQ(ErrnoError(EACCES, "x").code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(ErrnoError(ENOSPC, "x").code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrnoError(EFBIG, "x").code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrnoError(EIO, "x").code(), StatusCode::kDataLoss);
  EXPECT_EQ(ErrnoError(ENOLCK, "x").code(), StatusCode::kUnknown);  // UNAVAILABLE is for a lock that another holds
  EXPECT_EQ(ErrnoError(ENOSPC, "cannot write to a").message(), "cannot write to a: No space left on device");
}

TEST(ResultTest, HoldsAValueOrTheReason) {
  Result<std::string> value = std::string("v");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, "v");
  EXPECT_EQ(value->size(), 1U);
  EXPECT_TRUE(value.status().ok());
  const Result<std::string> none = NotFoundError("nothing");
  EXPECT_FALSE(none.ok());
  EXPECT_EQ(none.status().code(), StatusCode::kNotFound);
}

TEST(ResultTest, OkWithoutAValueIsAnError) {
  const Result<int> result = OkStatus();
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), StatusCode::kInternal);
}

Result<std::unique_ptr<int>> MakeNumber(bool works) {
  if (!works) return UnavailableError("no number");
  return std::make_unique<int>(7);
}

Status UseNumber(bool works, int* out) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> number, MakeNumber(works));
  RETURN_IF_ERROR(OkStatus());
  *out = *number;
  return OkStatus();
}

TEST(ResultTest, MacrosLeaveWithTheError) {
  int out = 0;
  EXPECT_TRUE(UseNumber(true, &out).ok());
  EXPECT_EQ(out, 7);
  out = 0;
  EXPECT_EQ(UseNumber(false, &out).message(), "no number");
  EXPECT_EQ(out, 0);
}

}  // namespace
}  // namespace sakuin
