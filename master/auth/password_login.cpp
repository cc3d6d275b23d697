// SPDX-License-Identifier: Apache-2.0
#include "master/auth/password_login.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "master/auth/operators.h"
#include "master/auth/tokens.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kMaxPasswordBytes = 1'024;
/// Of an address alone, and of a name alone: many people share the one, many addresses may guess
/// at the other.
constexpr std::uint32_t kSharedFactor = 10;

LoginThrottle::Policy ofMany(LoginThrottle::Policy policy) {
    policy.freeFailures *= kSharedFactor;
    return policy;
}

std::optional<LoginThrottle::Shared> sharedAs(const char* name, cache::FailureCounts* failures) {
    if (failures == nullptr) return std::nullopt;
    return LoginThrottle::Shared{*failures, name};
}

/// "127.0.0.1" of "127.0.0.1:40312": the port is new with each connection.
std::string hostOf(const std::string& address) {
    return address.substr(0, address.rfind(':'));
}

std::string deskOf(const std::string& user, const std::string& address) {
    return user + "@" + hostOf(address);
}

storage::AuditEntry entryOf(const std::string& verb, const std::string& user,
                            const std::string& address, base::WallTime now) {
    storage::AuditEntry entry;
    entry.at = now;
    entry.actor = user;
    entry.via = "password";
    entry.address = address;
    entry.verb = verb;
    entry.object = user;
    entry.result = "allowed";
    return entry;
}

/// Ends the operator's oldest logins, so that with one more there are kMostLoginsOfOne.
absl::Status makeRoom(storage::Transaction& transaction, const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(auto sessions, transaction.operators().listSessions());
    // A label tells a program's token, which has a limit of its own.
    sessions.erase(std::remove_if(sessions.begin(), sessions.end(),
                                  [&name](const storage::SessionRecord& session) {
                                      return session.operatorName != name || !session.label.empty();
                                  }),
                   sessions.end());
    if (sessions.size() < kMostLoginsOfOne) return absl::OkStatus();
    std::sort(sessions.begin(), sessions.end(),
              [](const auto& a, const auto& b) { return a.created < b.created; });
    sessions.resize(sessions.size() - kMostLoginsOfOne + 1);
    for (const storage::SessionRecord& oldest : sessions)
        IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSession(oldest.tokenHash));
    return absl::OkStatus();
}

}  // namespace

PasswordLogin::PasswordLogin(const Parts& parts)
    : m_parts(parts),
      m_perDesk(parts.clock, parts.throttle, sharedAs("desk ", parts.failures)),
      m_perAddress(parts.clock, ofMany(parts.throttle), sharedAs("address ", parts.failures)),
      m_perName(parts.clock, ofMany(parts.throttle), sharedAs("name ", parts.failures)),
      m_nobodysHash(crypto::hashOfNobody()) {}

absl::Status PasswordLogin::checkThrottle(const std::string& user, const std::string& address) {
    auto wait = m_perDesk.waitOf(deskOf(user, address));
    if (!wait) wait = m_perAddress.waitOf(hostOf(address));
    // Guessing from everywhere must not lock a person out of the desk that they use.
    if (!wait && !m_knownDesks.has(deskOf(user, address))) wait = m_perName.waitOf(user);
    if (!wait) return absl::OkStatus();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "LOGIN_SLOWED", "",
                        fmt::format("too many failed logins; try again in {} s", seconds)),
        {{}, *wait});
}

absl::StatusOr<bool> PasswordLogin::passwordFits(const std::string& user,
                                                 const std::string& password,
                                                 storage::OperatorRecord& person) {
    std::optional<storage::OperatorRecord> found;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(found, view.operators().find(user));
        return absl::OkStatus();
    }));
    {
        absl::MutexLock lock(&m_mutex);
        if (m_checking >= m_parts.concurrentChecks) {
            return base::withCallDetails(
                base::makeError(absl::StatusCode::kResourceExhausted, "LOGIN_BUSY", "",
                                "too many logins at once; try again in a second"),
                {{}, std::chrono::seconds(1)});
        }
        ++m_checking;
    }
    const bool usable = found && !found->disabled && !found->passwordHash.empty();
    // A name that does not exist costs as much as one that does.
    const bool fits =
        crypto::verifyPassword(password, usable ? found->passwordHash : m_nobodysHash) && usable;
    {
        absl::MutexLock lock(&m_mutex);
        --m_checking;
    }
    if (fits) person = *std::move(found);
    return fits;
}

absl::Status PasswordLogin::refuse(const std::string& user, const std::string& address) {
    m_perDesk.failed(deskOf(user, address));
    m_perAddress.failed(hostOf(address));
    m_perName.failed(user);
    storage::AuditEntry entry = entryOf("session.login", user, address, m_parts.clock.now());
    entry.result = "denied";
    entry.error = base::messageOf(loginWrong());
    IFRIT_RETURN_IF_ERROR(m_parts.audit.record(m_parts.database, entry));
    return loginWrong();
}

void PasswordLogin::noteSlowed(const std::string& user, const std::string& address,
                               const absl::Status& slowed) {
    const auto leftOut = m_slowed.take(hostOf(address), m_parts.clock.steadyNow());
    if (!leftOut) return;
    storage::AuditEntry entry = entryOf("session.login", user, address, m_parts.clock.now());
    entry.result = "denied";
    entry.error = base::messageOf(slowed);
    if (*leftOut > 0) entry.error += fmt::format("; {} more were refused before it", *leftOut);
    const absl::Status written = m_parts.audit.record(m_parts.database, entry);
    if (!written.ok())
        spdlog::error("a refused login could not be audited: {}", base::messageOf(written));
}

absl::Status PasswordLogin::judge(const std::string& user, const std::string& password,
                                  const std::string& address, storage::OperatorRecord& person) {
    if (user.empty() || user.size() > 128 || password.size() > kMaxPasswordBytes)
        return loginWrong();
    if (const absl::Status slowed = checkThrottle(user, address); !slowed.ok()) {
        noteSlowed(user, address, slowed);
        return slowed;
    }
    IFRIT_ASSIGN_OR_RETURN(const bool fits, passwordFits(user, password, person));
    if (!fits) return refuse(user, address);
    m_perDesk.succeeded(deskOf(user, address));
    m_knownDesks.add(deskOf(user, address));
    return absl::OkStatus();
}

absl::StatusOr<storage::OperatorRecord> PasswordLogin::confirm(const std::string& user,
                                                               const std::string& password,
                                                               const std::string& address) {
    storage::OperatorRecord person;
    IFRIT_RETURN_IF_ERROR(judge(user, password, address, person));
    return person;
}

absl::StatusOr<PasswordLogin::Session> PasswordLogin::login(const std::string& user,
                                                            const std::string& password,
                                                            const std::string& address) {
    Session out;
    IFRIT_RETURN_IF_ERROR(judge(user, password, address, out.person));
    const base::WallTime now = m_parts.clock.now();
    out.token = makeSessionToken();
    out.expires = now + m_parts.sessionLifetime;
    const absl::Status stored =
        m_parts.database.transact([&](storage::Transaction& transaction) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(checkStillFits(transaction, out.person));
            IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSessionsExpiredBy(now));
            IFRIT_RETURN_IF_ERROR(makeRoom(transaction, out.person.name));
            IFRIT_RETURN_IF_ERROR(transaction.operators().putSession(
                {hashOfToken(out.token), out.person.name, now, out.expires, address, {}}));
            return m_parts.audit.append(transaction, entryOf("session.login", user, address, now));
        });
    // The password was changed, or the operator disabled, while it was checked.
    if (base::errorInfo(stored).reason == base::errorInfo(loginWrong()).reason)
        return refuse(user, address);
    IFRIT_RETURN_IF_ERROR(stored);
    return out;
}

absl::Status PasswordLogin::logout(const std::string& token, const std::string& address) {
    return m_parts.database.transact([&](storage::Transaction& transaction) -> absl::Status {
        const std::string hash = hashOfToken(token);
        IFRIT_ASSIGN_OR_RETURN(const auto session, transaction.operators().findSession(hash));
        if (!session) return absl::OkStatus();
        IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSession(hash));
        storage::AuditEntry entry =
            entryOf("session.logout", session->operatorName, address, m_parts.clock.now());
        entry.via = "token";
        return m_parts.audit.append(transaction, entry);
    });
}

absl::StatusOr<PasswordLogin::Session> PasswordLogin::sessionOf(const std::string& token) {
    const absl::Status ended = base::makeError(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID",
                                               "", "the session has ended; sign in again");
    if (!isSessionToken(token)) return ended;
    std::optional<storage::SessionRecord> session;
    std::optional<storage::OperatorRecord> person;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(session, view.operators().findSession(hashOfToken(token)));
        if (!session) return absl::OkStatus();
        IFRIT_ASSIGN_OR_RETURN(person, view.operators().find(session->operatorName));
        return absl::OkStatus();
    }));
    if (!session || !person || person->disabled || session->expires <= m_parts.clock.now())
        return ended;
    return Session{token, *std::move(person), session->expires};
}

}  // namespace ifrit::master::auth
