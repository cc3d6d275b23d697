// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "shared/base/service_notifier.h"

namespace ifrit::master::app {

/// What systemd is told of this process, where it asks (Type=notify, WatchdogSec=). Thread-safe.
class ServiceManager {
public:
    /// By the environment that it was started with.
    ServiceManager();

    /// How often alive() is due; nullopt: nobody waits for it.
    std::optional<std::chrono::milliseconds> watchdog() const { return m_watchdog; }
    void ready(const std::string& status) const { say("READY=1", status); }
    /// Between reload() and the next ready() the configuration is read anew.
    void reloading() const { m_notifier.send("RELOADING=1"); }
    void alive(const std::string& status) const { say("WATCHDOG=1", status); }
    void stopping() const { m_notifier.send("STOPPING=1\nSTATUS=running calls end"); }

private:
    void say(const std::string& what, const std::string& status) const {
        m_notifier.send(what + "\nSTATUS=" + status);
    }
    const base::ServiceNotifier m_notifier;
    const std::optional<std::chrono::milliseconds> m_watchdog;
};

}  // namespace ifrit::master::app
