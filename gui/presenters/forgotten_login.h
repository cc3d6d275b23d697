// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gui/services/secret_store.h"

namespace ifrit::gui::presenters {

/// The password login of the master that was forgotten last: out of the store of secrets at once,
/// held here in memory alone, and back in the store where the forgetting is undone. GUI thread.
class ForgottenLogin {
public:
    /// Outlives it.
    explicit ForgottenLogin(services::SecretStore& secrets) : m_secrets(secrets) {}
    ~ForgottenLogin();
    ForgottenLogin(const ForgottenLogin&) = delete;
    ForgottenLogin& operator=(const ForgottenLogin&) = delete;

    /// `name`: of its secret. What was forgotten before can not be brought back any more.
    void forget(const std::string& name);
    void bringBack();
    /// It can not be brought back any more. Without waiting for an answer of the store.
    void letGo();
    /// Somebody has signed in anew under this name: what is in the store now is theirs, and neither
    /// taken out nor written over.
    void supersede(const std::string& name);

private:
    services::SecretStore& m_secrets;
    std::string m_name;
    std::string m_token;
    services::CallHandle m_read;
    bool m_reading = false;
};

}  // namespace ifrit::gui::presenters
