// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

namespace ifrit::base {

/// Whether the system had no descriptors, memory or processes left for this process (EMFILE,
/// ENFILE, ENOMEM, EAGAIN, ENOBUFS), or kept it in a call that does not return (START_HANGS): such
/// an error says nothing about what was to be done. Told by errnoStatus() and noteErrno(), kept by
/// annotate(); it does not travel between programs.
bool isExhaustion(const absl::Status& status);

/// `status`, which came of `error`, so that isExhaustion() can tell.
absl::Status noteErrno(absl::Status status, int error);

}  // namespace ifrit::base
