// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/forgotten_login.h"

namespace ifrit::gui::presenters {

ForgottenLogin::~ForgottenLogin() {
    letGo();
}

void ForgottenLogin::letGo() {
    m_read.cancel();
    if (m_reading) m_secrets.remove(m_name);
    m_reading = false;
    m_token.clear();
}

void ForgottenLogin::supersede(const std::string& name) {
    if (name != m_name) return;
    m_read.cancel();
    m_reading = false;
    m_token.clear();
}

void ForgottenLogin::forget(const std::string& name) {
    letGo();
    m_name = name;
    m_reading = true;
    m_read = m_secrets.read(name, [this](const absl::StatusOr<std::string>& token) {
        m_reading = false;
        if (absl::IsNotFound(token.status())) return;
        if (token.ok()) m_token = *token;
        m_secrets.remove(m_name);
    });
}

void ForgottenLogin::bringBack() {
    m_read.cancel();
    m_reading = false;
    if (!m_token.empty()) m_secrets.write(m_name, m_token);
    m_token.clear();
}

}  // namespace ifrit::gui::presenters
