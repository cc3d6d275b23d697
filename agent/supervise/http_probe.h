// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "agent/supervise/probe_runner.h"
#include "shared/base/status.h"

namespace ifrit::agent::supervise {

/// The status of one HTTP/1.x status line without its line end, e.g. "HTTP/1.1 200 OK" is 200.
/// INVALID_ARGUMENT HTTP_INVALID (RFC 9112, section 4).
absl::StatusOr<int> parseStatusLine(std::string_view line);

/// GETs `url` and waits for the whole answer, at most `timeout`; healthy is 200 to 299. Redirects
/// are not followed, no proxy is used. Of an answer at most 1 MiB is read: a longer one is one. Not
/// healthy when `stop` was asked for.
ProbeResult checkHttp(const std::string& url, std::chrono::milliseconds timeout,
                      std::stop_token stop = {});

}  // namespace ifrit::agent::supervise
