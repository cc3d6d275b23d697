// SPDX-License-Identifier: Apache-2.0
#include "shared/base/service_notifier.h"

namespace ifrit::base {

// The service manager hears of a service by SetServiceStatus alone, and has no watchdog.
void ServiceNotifier::send(const std::string&) const {}

std::optional<std::chrono::milliseconds> watchdogInterval(const char*, const char*, int) {
    return std::nullopt;
}

}  // namespace ifrit::base
