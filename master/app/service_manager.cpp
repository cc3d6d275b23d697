// SPDX-License-Identifier: Apache-2.0
#include "master/app/service_manager.h"

#include <unistd.h>

#include <cstdlib>

namespace ifrit::master::app {
namespace {

std::string notifySocket() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    return socket != nullptr ? socket : "";
}

}  // namespace

ServiceManager::ServiceManager()
    : m_notifier(notifySocket()),
      m_watchdog(base::watchdogInterval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"),
                                        ::getpid())) {}

}  // namespace ifrit::master::app
