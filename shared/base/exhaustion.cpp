// SPDX-License-Identifier: Apache-2.0
#include "shared/base/exhaustion.h"

#include <absl/strings/cord.h>

#include <cerrno>

namespace ifrit::base {
namespace {

constexpr char kUrl[] = "ifrit/exhaustion";

}  // namespace

bool isExhaustion(const absl::Status& status) {
    return status.GetPayload(kUrl).has_value();
}

absl::Status noteErrno(absl::Status status, int error) {
    if (error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN ||
        error == ENOBUFS)
        status.SetPayload(kUrl, absl::Cord());
    return status;
}

}  // namespace ifrit::base
