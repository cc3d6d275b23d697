// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <string>

#include "master/audit/audit_trail.h"
#include "master/audit/refusal_limit.h"
#include "master/auth/known_desks.h"
#include "master/auth/login_throttle.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// A login beyond ends the operator's oldest one: a program that signs in each minute and never out
/// must not fill the table.
inline constexpr std::size_t kMostLoginsOfOne = 100;

/// Passwords for session tokens. Thread-safe; blocks for the database and about 100 ms for scrypt.
class PasswordLogin {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& audit;
        const base::Clock& clock;
        std::chrono::milliseconds sessionLifetime{8 * 3'600'000};
        LoginThrottle::Policy throttle{};
        /// scrypt takes 32 MiB a call: more of them at once are refused, not queued.
        int concurrentChecks = 4;
        /// Where the cluster's masters count failures together; null: this one alone does.
        cache::FailureCounts* failures = nullptr;
    };

    explicit PasswordLogin(const Parts& parts);

    struct Session {
        std::string token;
        storage::OperatorRecord person;
        base::WallTime expires{};
    };
    /// UNAUTHENTICATED (LOGIN_WRONG) for a wrong name and password alike, in the same time;
    /// RESOURCE_EXHAUSTED (LOGIN_SLOWED, with how long) after failures. Each judged try is an audit
    /// row, written before the answer; of those that were slowed down one in a minute of an
    /// address.
    absl::StatusOr<Session> login(const std::string& user, const std::string& password,
                                  const std::string& address);
    /// The operator whose password it is, who is signed in and asks for more: throttled and
    /// audited as a login is. The same errors. Whoever stores something on the strength of it asks
    /// checkStillFits() there.
    absl::StatusOr<storage::OperatorRecord> confirm(const std::string& user,
                                                    const std::string& password,
                                                    const std::string& address);
    /// Ends the token; OK also when it had ended.
    absl::Status logout(const std::string& token, const std::string& address);
    /// UNAUTHENTICATED (TOKEN_INVALID): unknown, expired, or its operator is gone or disabled.
    absl::StatusOr<Session> sessionOf(const std::string& token);

private:
    /// As login(), up to what it answers.
    absl::Status judge(const std::string& user, const std::string& password,
                       const std::string& address, storage::OperatorRecord& person);
    absl::Status checkThrottle(const std::string& user, const std::string& address);
    absl::StatusOr<bool> passwordFits(const std::string& user, const std::string& password,
                                      storage::OperatorRecord& person);
    absl::Status refuse(const std::string& user, const std::string& address);
    /// A try that was slowed down: the audit shows that guessing goes on, once in a minute of an
    /// address, and is not filled by it.
    void noteSlowed(const std::string& user, const std::string& address,
                    const absl::Status& slowed);

    const Parts m_parts;
    LoginThrottle m_perDesk;     ///< by name and address
    LoginThrottle m_perAddress;  ///< whatever the name
    LoginThrottle m_perName;     ///< whatever the address
    KnownDesks m_knownDesks;
    audit::RefusalLimit m_slowed{1};  ///< by address
    const std::string m_nobodysHash;
    absl::Mutex m_mutex;
    int m_checking ABSL_GUARDED_BY(m_mutex) = 0;
};

}  // namespace ifrit::master::auth
