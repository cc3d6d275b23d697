// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <memory>

#include "gui/services/secret_store.h"

namespace ifrit::gui::app {

/// Where there is no keychain: until the program ends, and nowhere else.
class MemorySecrets final : public QObject, public services::SecretStore {
public:
    services::CallHandle read(const std::string& name, services::Reply<std::string> reply) override;
    void write(const std::string& name, const std::string& secret) override;
    void remove(const std::string& name) override;
    /// At once; NOT_FOUND where there is none.
    absl::StatusOr<std::string> known(const std::string& name) const;

private:
    std::map<std::string, std::string> m_secrets;
};

/// The system's keychain (Secret Service or KWallet, Windows' credentials, macOS' keychain) where
/// the program was built with qtkeychain and the desktop has one; else memory. What is written is
/// in memory too: a keychain that refuses costs nothing but the next start.
std::unique_ptr<services::SecretStore> openSecrets();

}  // namespace ifrit::gui::app
