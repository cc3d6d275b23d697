// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_error.h"

#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kDuplicate[] = "SQL_DUPLICATE";
constexpr char kForeignKey[] = "SQL_FOREIGN_KEY";
constexpr char kRetry[] = "SQL_RETRY";
constexpr char kNoTable[] = "SQL_NO_TABLE";
constexpr char kExists[] = "SQL_EXISTS";

bool isReason(const absl::Status& status, const char* reason) {
    return !status.ok() && base::errorInfo(status).reason == reason;
}

}  // namespace

absl::Status statusOf(Fault fault, const std::string& message) {
    const auto error = [&](absl::StatusCode code, const char* reason, const char* advice = "") {
        return base::makeError(code, reason, "", message + advice);
    };
    switch (fault) {
        case Fault::Duplicate:
            return error(absl::StatusCode::kAlreadyExists, kDuplicate);
        case Fault::ForeignKey:
            return error(absl::StatusCode::kFailedPrecondition, kForeignKey);
        case Fault::Retry:
            return error(absl::StatusCode::kAborted, kRetry);
        case Fault::Away:
            return base::withCallDetails(error(absl::StatusCode::kUnavailable, "DATABASE_AWAY",
                                               "; see to the database, then try again"),
                                         {{}, kComeAgainAfter});
        case Fault::Full:
            return base::withCallDetails(error(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                                               "; free space on the disk of the database"),
                                         {{}, kComeAgainAfter});
        case Fault::Broken:
            return error(absl::StatusCode::kDataLoss, "DATABASE_BROKEN",
                         "; restore the database from a backup");
        case Fault::Unfit:
            return error(absl::StatusCode::kInvalidArgument, "TEXT_INVALID",
                         "; the value cannot be stored exactly");
        case Fault::NoTable:
            return error(absl::StatusCode::kNotFound, kNoTable);
        case Fault::Exists:
            return error(absl::StatusCode::kAlreadyExists, kExists);
        case Fault::Other:
            break;
    }
    return error(absl::StatusCode::kInternal, "SQL");
}

bool isDuplicate(const absl::Status& status) {
    return isReason(status, kDuplicate);
}
bool isForeignKey(const absl::Status& status) {
    return isReason(status, kForeignKey);
}
bool isRetry(const absl::Status& status) {
    return isReason(status, kRetry);
}
bool isNoTable(const absl::Status& status) {
    return isReason(status, kNoTable);
}
bool isExists(const absl::Status& status) {
    return isReason(status, kExists);
}

}  // namespace ifrit::master::storage::sql
