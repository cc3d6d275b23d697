// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <set>
#include <thread>

#include "master/auth/grant_book.h"
#include "master/auth/grants.h"
#include "master/auth/operators.h"
#include "master/auth/password_login.h"
#include "master/auth/sessions.h"
#include "master/auth/tokens.h"
#include "tests/master/auth/auth_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::auth;
using storage::OperatorRole;

namespace {

const Administrator kRoot{"root", "test", "local", "because", "request-1"};

}  // namespace

class TestPeople : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AuthFixture> m_fixture;

    void add(const std::string& name, OperatorRole role, const std::string& password = {}) {
        VERIFY_OK(addOperator(*m_fixture->database, m_fixture->trail,
                              newOperator(name, password, role, m_fixture->clock.now()).value(),
                              {"root", "test", "local"}));
    }
    storage::GrantRecord grantTo(const std::string& name, const std::string& id) {
        return {{id, name, "release.*", "logd", "*", "LINUX", std::nullopt},
                "root",
                m_fixture->clock.now(),
                "because"};
    }
    storage::OperatorRecord personOf(const std::string& name) {
        storage::OperatorRecord out;
        const absl::Status read =
            m_fixture->database->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto found, view.operators().find(name));
                if (found) out = *found;
                return absl::OkStatus();
            });
        return read.ok() ? out : storage::OperatorRecord{};
    }
    std::size_t superAdmins() {
        std::size_t out = 0;
        const absl::Status read =
            m_fixture->database->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto people, view.operators().list());
                for (const auto& person : people)
                    out += !person.disabled && person.role == OperatorRole::SuperAdmin ? 1 : 0;
                return absl::OkStatus();
            });
        return read.ok() ? out : 0;
    }

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<AuthFixture>(); }

    /// It took a tenth of a second to check, and was changed meanwhile.
    void whatAPasswordBoughtIsStoredOnlyWhileItHolds() {
        add("ada", OperatorRole::SuperAdmin, "correct horse battery");
        storage::OperatorRecord judged = personOf("ada");
        Administrator by = kRoot;
        by.name = "ada";
        by.confirmed = judged;
        const base::WallTime now = m_fixture->clock.now();
        const auto addBert = [&] {
            return addOperator(*m_fixture->database, m_fixture->trail,
                               newOperator("bert", {}, OperatorRole::SuperAdmin, now).value(), by);
        };
        storage::OperatorRecord changed = judged;
        changed.passwordHash = "another";
        VERIFY_OK(changePassword(*m_fixture->database, m_fixture->trail, changed, kRoot));
        VERIFY_REASON(addBert(), "LOGIN_WRONG");
        QCOMPARE(superAdmins(), std::size_t{1});
        by.requestId = "request-2";
        by.confirmed = changed;
        VERIFY_OK(addBert());
        QCOMPARE(superAdmins(), std::size_t{2});
    }

    /// Each takes the others for successors: whatever the order, one is left.
    void manyAtOnceLeaveOneSuperAdmin() {
        constexpr int kPeople = 8;
        for (int i = 0; i < kPeople; ++i)
            add("admin" + std::to_string(i), OperatorRole::SuperAdmin);
        std::atomic<int> refused{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kPeople; ++i) {
            threads.emplace_back([this, i, &refused] {
                const std::string name = "admin" + std::to_string(i);
                const base::WallTime now = m_fixture->clock.now();
                const Administrator by{name, "test", "local"};
                const absl::Status status =
                    i % 3 == 0 ? changeRole(*m_fixture->database, m_fixture->trail, name,
                                            OperatorRole::Reader, now, by)
                    : i % 3 == 1
                        ? changeStanding(*m_fixture->database, m_fixture->trail, name,
                                         Standing::Disabled, now, by)
                        : removeOperator(*m_fixture->database, m_fixture->trail, name, now, by);
                if (base::errorInfo(status).reason == "LAST_SUPER_ADMIN") ++refused;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(superAdmins(), std::size_t{1});
        QCOMPARE(refused.load(), 1);
        QVERIFY(m_fixture->auditIsIntact());
    }

    void rowsSayWhoWhyAndWhat() {
        add("li", OperatorRole::Reader);
        VERIFY_OK(changeRole(*m_fixture->database, m_fixture->trail, "li", OperatorRole::SuperAdmin,
                             m_fixture->clock.now(), kRoot));
        const storage::AuditEntry entry = m_fixture->auditRows().back().entry;
        QCOMPARE(entry.verb, std::string("operator.role"));
        QCOMPARE(entry.object, std::string("li"));
        QCOMPARE(entry.reason, std::string("because"));
        QCOMPARE(entry.requestId, std::string("request-1"));
        QCOMPARE(entry.before, std::string("{\"role\":\"reader\"}"));
        QCOMPARE(entry.after, std::string("{\"role\":\"super_admin\"}"));
    }

    void grantsAreReadAtEachQuestionAndRememberedWhileTheDatabaseIsAway() {
        add("li", OperatorRole::Reader);
        GrantBook book(*m_fixture->database, m_fixture->clock);
        book.configure({{"", "li", "cluster.freeze", "*", "*", "*", std::nullopt},
                        {"", "anna", "*", "*", "*", "*", std::nullopt}});
        QCOMPARE(book.of("li")->size(), std::size_t{1});
        VERIFY_OK(giveGrant(*m_fixture->database, m_fixture->trail, grantTo("li", "g-1"), kRoot));
        // By another master, as it were: nobody told this one.
        QCOMPARE(book.of("li")->size(), std::size_t{2});
        VERIFY_OK(book.refresh());
        Administrator again = kRoot;
        again.requestId = "request-2";
        VERIFY_OK(takeGrant(*m_fixture->database, m_fixture->trail, "g-1", m_fixture->clock.now(),
                            again));
        QCOMPARE(book.of("li")->size(), std::size_t{1});
        QCOMPARE(m_fixture->auditRows().back().entry.verb, std::string("grant.take"));
        VERIFY_REASON(
            takeGrant(*m_fixture->database, m_fixture->trail, "g-1", m_fixture->clock.now(), again),
            "GRANT_UNKNOWN");
    }

    void oneOperatorHasSoManyGrants() {
        add("li", OperatorRole::Reader);
        const auto fill = [&](storage::Transaction& t) -> absl::Status {
            for (std::size_t i = 0; i < kMaxGrantsOfOne; ++i)
                IFRIT_RETURN_IF_ERROR(t.grants().add(grantTo("li", "g-" + std::to_string(i))));
            return absl::OkStatus();
        };
        VERIFY_OK(m_fixture->database->transact(fill));
        VERIFY_REASON(
            giveGrant(*m_fixture->database, m_fixture->trail, grantTo("li", "more"), kRoot),
            "GRANTS_TOO_MANY");
    }

    void tokensHaveALabelAndAnEnd() {
        add("li", OperatorRole::Reader);
        const base::WallTime now = m_fixture->clock.now();
        const auto make = [&](const std::string& label, std::chrono::milliseconds life) {
            return makeToken(*m_fixture->database, m_fixture->trail, {"li", label, life, now},
                             {"li", "test", "10.0.0.1:5"});
        };
        VERIFY_REASON(make("", std::chrono::hours(1)).status(), "LABEL_MISSING");
        VERIFY_REASON(make("x", std::chrono::seconds(59)).status(), "TOKEN_LIFE");
        VERIFY_REASON(make("x", kMaxTokenLife + std::chrono::milliseconds(1)).status(),
                      "TOKEN_LIFE");
        const auto made = make("x", kMaxTokenLife);
        VERIFY_OK(made.status());
        QCOMPARE(sessionId(made->session.tokenHash).size(), std::size_t{16});
        for (const auto& row : m_fixture->auditRows())
            QVERIFY(row.entry.after.find(made->secret) == std::string::npos);
        const auto end = [&](const SessionsToEnd& which) {
            return endSessions(*m_fixture->database, m_fixture->trail, which, now,
                               {"li", "test", "local"});
        };
        VERIFY_REASON(end({sessionId(made->session.tokenHash), "anna"}).status(), "TOKEN_UNKNOWN");
        QCOMPARE(end({sessionId(made->session.tokenHash), "li"}).value(), 1U);
        QCOMPARE(end({{}, "li"}).value(), 0U);
        for (std::size_t i = 0; i < kMaxTokensOfOne; ++i)
            VERIFY_OK(make("x", std::chrono::hours(1)).status());
        VERIFY_REASON(make("x", std::chrono::hours(1)).status(), "TOKENS_TOO_MANY");
    }

    /// Two limits: a program that signs in each minute must not keep its operator from tokens.
    void loginsAndTokensDoNotCountForEachOther() {
        constexpr char kPassword[] = "correct horse battery";
        add("li", OperatorRole::Reader, kPassword);
        PasswordLogin::Parts parts{*m_fixture->database, m_fixture->trail, m_fixture->clock};
        PasswordLogin logins(parts);
        const base::WallTime now = m_fixture->clock.now();
        // As from logins before, each a minute after the other.
        const auto fill = [&](storage::Transaction& t) -> absl::Status {
            for (std::size_t i = 0; i < kMostLoginsOfOne; ++i) {
                const auto at = now - std::chrono::minutes(kMostLoginsOfOne - i);
                IFRIT_RETURN_IF_ERROR(t.operators().putSession(
                    {hashOfToken(std::to_string(i)), "li", at, now + std::chrono::hours(1)}));
            }
            return absl::OkStatus();
        };
        VERIFY_OK(m_fixture->database->transact(fill));
        const Administrator li{"li", "test", "10.0.0.1:5"};
        const auto made = makeToken(*m_fixture->database, m_fixture->trail,
                                    {"li", "nightly", std::chrono::hours(1), now}, li);
        VERIFY_OK(made.status());
        const auto login = logins.login("li", kPassword, "10.0.0.1:5");
        VERIFY_OK(login.status());
        std::set<std::string> left;
        VERIFY_OK(m_fixture->database->read([&](storage::Transaction& view) -> absl::Status {
            left.clear();
            IFRIT_ASSIGN_OR_RETURN(const auto all, view.operators().listSessions());
            for (const auto& session : all)
                left.insert(session.tokenHash);
            return absl::OkStatus();
        }));
        QCOMPARE(left.size(), kMostLoginsOfOne + 1);
        QVERIFY(left.count(hashOfToken("0")) == 0);  // the oldest login, and no other
        QVERIFY(left.count(hashOfToken("1")) == 1);
        VERIFY_OK(logins.sessionOf(made->secret).status());
        VERIFY_OK(logins.sessionOf(login->token).status());
    }
};

QTEST_GUILESS_MAIN(TestPeople)
#include "tst_people.moc"
