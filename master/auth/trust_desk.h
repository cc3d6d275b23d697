// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "master/audit/audit_trail.h"
#include "master/auth/certificate_authority.h"
#include "master/auth/grant_book.h"
#include "master/auth/password_login.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// What it takes to change who may do what. All of it outlives whoever holds this.
struct TrustDesk {
    storage::Database& database;
    const audit::AuditTrail& trail;
    const base::Clock& clock;
    const CertificateAuthority& authority;
    PasswordLogin& logins;
    const GrantBook& grants;
    /// After somebody may do less than before: reads who may what, which holds here at once.
    std::function<void()> revoked;
};

}  // namespace ifrit::master::auth
