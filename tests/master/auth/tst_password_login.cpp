// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>
#include <functional>
#include <utility>

#include "master/auth/operators.h"
#include "master/auth/password_login.h"
#include "master/auth/sessions.h"
#include "master/auth/tokens.h"
#include "shared/base/call_details.h"
#include "shared/crypto/password.h"
#include "tests/master/auth/auth_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::auth;

namespace {

constexpr char kPassword[] = "correct horse battery";
constexpr char kAddress[] = "10.0.0.1:5000";
const Administrator kRoot{"root", "ifrit-master", ""};

/// A database where something happens right before the next transaction, as from another master.
class Meanwhile final : public storage::Database {
public:
    explicit Meanwhile(storage::Database& below) : m_below(below) {}
    absl::Status transact(const Work& work) override {
        if (const auto happens = std::exchange(before, nullptr)) happens();
        return m_below.transact(work);
    }
    absl::Status read(const Work& work) override {
        if (beforeRead) beforeRead();
        return m_below.read(work);
    }

    std::function<void()> before;
    std::function<void()> beforeRead;

private:
    storage::Database& m_below;
};

}  // namespace

class TestPasswordLogin : public QObject {
    Q_OBJECT

private:
    storage::OperatorRecord person(const std::string& name, storage::OperatorRole role,
                                   const std::string& password = kPassword) {
        storage::OperatorRecord out = newOperator(name, "", role, m_fixture->clock.now()).value();
        // Nobody waits here for how dear a guess is: tst_password does.
        if (!password.empty())
            out.passwordHash = crypto::hashPassword(password, crypto::PasswordCost::Least).value();
        return out;
    }
    absl::Status add(const storage::OperatorRecord& who) {
        return addOperator(*m_fixture->database, m_fixture->trail, who, kRoot);
    }
    std::unique_ptr<PasswordLogin> makeLogin() {
        PasswordLogin::Parts parts{*m_fixture->database, m_fixture->trail, m_fixture->clock};
        return std::make_unique<PasswordLogin>(parts);
    }

    std::unique_ptr<AuthFixture> m_fixture;

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<AuthFixture>(); }

    void passwordBuysASession() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::SuperAdmin)));
        const auto login = makeLogin();
        const auto session = login->login("alice", kPassword, kAddress);
        VERIFY_OK(session.status());
        QCOMPARE(session->person.role, storage::OperatorRole::SuperAdmin);
        QCOMPARE(session->expires, m_fixture->clock.now() + std::chrono::hours(8));
        // Another master, or this one started again, knows it too.
        const auto known = makeLogin()->sessionOf(session->token);
        VERIFY_OK(known.status());
        QCOMPARE(known->person.name, std::string("alice"));
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.back().entry.verb, std::string("session.login"));
        QCOMPARE(rows.back().entry.result, std::string("allowed"));
        QCOMPARE(rows.back().entry.address, std::string(kAddress));
    }

    void tokensAndPasswordsAreNowhereInTheFile() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        const auto session = makeLogin()->login("alice", kPassword, kAddress);
        VERIFY_OK(session.status());
        m_fixture->database.reset();
        for (const QFileInfo& file : QDir(m_fixture->directory.path()).entryInfoList(QDir::Files)) {
            QFile content(file.filePath());
            QVERIFY(content.open(QIODevice::ReadOnly));
            const QByteArray bytes = content.readAll();
            QVERIFY(!bytes.contains(QByteArray::fromStdString(session->token)));
            QVERIFY(!bytes.contains(kPassword));
            QVERIFY(file.suffix() != QLatin1String("db") ||
                    bytes.contains(QByteArray::fromStdString(hashOfToken(session->token))));
        }
    }

    void wrongNameAndPasswordAreRefusedAlike() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        storage::OperatorRecord disabled = person("carol", storage::OperatorRole::Reader);
        disabled.disabled = true;
        VERIFY_OK(add(disabled));
        VERIFY_OK(add(person("robot", storage::OperatorRole::Reader, "")));
        const auto login = makeLogin();
        const std::size_t before = m_fixture->auditRows().size();
        const std::vector<std::pair<std::string, std::string>> tries = {{"alice", "wrong password"},
                                                                        {"nobody", kPassword},
                                                                        {"carol", kPassword},
                                                                        {"robot", ""},
                                                                        {"alice", ""}};
        std::set<std::string> messages;
        for (const auto& [user, password] : tries) {
            const auto session = login->login(user, password, kAddress);
            VERIFY_REASON(session.status(), "LOGIN_WRONG");
            QCOMPARE(session.status().code(), absl::StatusCode::kUnauthenticated);
            messages.insert(base::messageOf(session.status()));
        }
        QCOMPARE(messages.size(), std::size_t{1});
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.size(), before + tries.size());
        QCOMPARE(rows.back().entry.result, std::string("denied"));
    }

    void guessingIsSlowedDownPerNameAndAddress() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        const auto login = makeLogin();
        for (int i = 0; i < 5; ++i)
            VERIFY_REASON(login->login("alice", "guess", kAddress).status(), "LOGIN_WRONG");
        const std::size_t rows = m_fixture->auditRows().size();
        // From another port of the same host, with the right password even.
        const auto slowed = login->login("alice", kPassword, "10.0.0.1:6000").status();
        VERIFY_REASON(slowed, "LOGIN_SLOWED");
        const auto wait = base::callDetails(slowed).retryAfter.count();
        QVERIFY2(wait > 0 && wait <= 1'001, std::to_string(wait).c_str());
        QCOMPARE(m_fixture->auditRows().size(), rows + 1);
        QCOMPARE(m_fixture->auditRows().back().entry.result, std::string("denied"));
        VERIFY_OK(login->login("alice", kPassword, "10.0.0.2:5000").status());
        m_fixture->clock.advance(std::chrono::milliseconds(1'001));
        VERIFY_OK(login->login("alice", kPassword, kAddress).status());
    }

    /// The audit, which is never pruned, shows that somebody goes on guessing, and is not filled.
    void guessingThatGoesOnIsInTheAuditOnceAMinute() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        PasswordLogin::Parts parts{*m_fixture->database, m_fixture->trail, m_fixture->clock};
        parts.throttle.first = parts.throttle.cap = std::chrono::hours(1);
        const auto login = std::make_unique<PasswordLogin>(parts);
        for (int i = 0; i < 5; ++i)
            VERIFY_REASON(login->login("alice", "guess", kAddress).status(), "LOGIN_WRONG");
        const std::size_t judged = m_fixture->auditRows().size();
        for (int i = 0; i < 8; ++i)
            VERIFY_REASON(login->login("alice", "guess", kAddress).status(), "LOGIN_SLOWED");
        QCOMPARE(m_fixture->auditRows().size(), judged + 1);
        m_fixture->clock.advance(std::chrono::minutes(1));
        VERIFY_REASON(login->login("bob", "guess", kAddress).status(), "LOGIN_WRONG");
        VERIFY_REASON(login->login("alice", "guess", kAddress).status(), "LOGIN_SLOWED");
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.size(), judged + 3);
        const storage::AuditEntry& last = rows.back().entry;
        QCOMPARE(last.verb, std::string("session.login"));
        QCOMPARE(last.object, std::string("alice"));
        QVERIFY2(last.error.find("; 7 more were refused before it") != std::string::npos,
                 last.error.c_str());
    }

    /// Many addresses that guess at one name: it is slowed down too, but not at the desk that its
    /// owner uses.
    void guessingFromEverywhereIsSlowedDownPerName() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        VERIFY_OK(add(person("bob", storage::OperatorRole::Reader)));
        PasswordLogin::Parts parts{*m_fixture->database, m_fixture->trail, m_fixture->clock};
        parts.throttle.freeFailures = 1;
        const auto login = std::make_unique<PasswordLogin>(parts);
        VERIFY_OK(login->login("alice", kPassword, kAddress).status());
        for (int i = 0; i < 10; ++i) {
            const std::string from = "10.1.0." + std::to_string(i) + ":5000";
            VERIFY_REASON(login->login("alice", "guess", from).status(), "LOGIN_WRONG");
        }
        VERIFY_REASON(login->login("alice", kPassword, "10.2.0.1:5000").status(), "LOGIN_SLOWED");
        VERIFY_OK(login->login("alice", kPassword, kAddress).status());
        VERIFY_OK(login->login("bob", kPassword, "10.2.0.1:5000").status());
        m_fixture->clock.advance(std::chrono::milliseconds(1'001));
        VERIFY_OK(login->login("alice", kPassword, "10.2.0.1:5000").status());
    }

    /// Who is signed in and asks for more is counted like who signs in.
    void confirmingIsSlowedDownToo() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        const auto login = makeLogin();
        VERIFY_OK(login->confirm("alice", kPassword, kAddress).status());
        for (int i = 0; i < 5; ++i)
            VERIFY_REASON(login->confirm("alice", "guess", kAddress).status(), "LOGIN_WRONG");
        VERIFY_REASON(login->confirm("alice", kPassword, kAddress).status(), "LOGIN_SLOWED");
        QCOMPARE(m_fixture->auditRows().back().entry.result, std::string("denied"));
    }

    /// What a password buys is stored after it was checked, which takes a while.
    void whatChangesWhileAPasswordIsCheckedCounts_data() {
        QTest::addColumn<bool>("isDisabled");
        QTest::newRow("another password") << false;
        QTest::newRow("disabled") << true;
    }
    void whatChangesWhileAPasswordIsCheckedCounts() {
        QFETCH(bool, isDisabled);
        constexpr char kAnother[] = "another long password";
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        const auto another = person("alice", storage::OperatorRole::Reader, kAnother);
        Meanwhile between(*m_fixture->database);
        PasswordLogin::Parts parts{between, m_fixture->trail, m_fixture->clock};
        PasswordLogin login(parts);
        const auto change = [&] {
            VERIFY_OK(isDisabled
                          ? changeStanding(*m_fixture->database, m_fixture->trail, "alice",
                                           Standing::Disabled, m_fixture->clock.now(), kRoot)
                          : changePassword(*m_fixture->database, m_fixture->trail, another, kRoot));
        };
        const auto restore = [&] {
            VERIFY_OK(changeStanding(*m_fixture->database, m_fixture->trail, "alice",
                                     Standing::Enabled, m_fixture->clock.now(), kRoot));
            VERIFY_OK(changePassword(*m_fixture->database, m_fixture->trail,
                                     person("alice", storage::OperatorRole::Reader), kRoot));
        };
        between.before = change;
        VERIFY_REASON(login.login("alice", kPassword, kAddress).status(), "LOGIN_WRONG");
        QCOMPARE(m_fixture->auditRows().back().entry.result, std::string("denied"));
        restore();
        // The same for a token of a program, and for one's own password.
        auto confirmed = login.confirm("alice", kPassword, kAddress);
        VERIFY_OK(confirmed.status());
        between.before = change;
        NewToken token{"alice", "nightly", std::chrono::hours(1), m_fixture->clock.now()};
        token.confirmed = *confirmed;
        VERIFY_REASON(makeToken(between, m_fixture->trail, token, kRoot).status(), "LOGIN_WRONG");
        restore();
        confirmed = login.confirm("alice", kPassword, kAddress);
        VERIFY_OK(confirmed.status());
        between.before = change;
        VERIFY_REASON(changePassword(between, m_fixture->trail, another, kRoot, *confirmed),
                      "LOGIN_WRONG");
        // By certificate there is no password, and still nothing for whoever is out.
        restore();
        between.before = change;
        token.confirmed.reset();
        const absl::Status made = makeToken(between, m_fixture->trail, token, kRoot).status();
        QCOMPARE(made.ok(), !isDisabled);
    }

    void whatIsNoTokenIsRefusedWithoutALook() {
        Meanwhile between(*m_fixture->database);
        int looks = 0;
        between.beforeRead = [&looks] { ++looks; };
        PasswordLogin::Parts parts{between, m_fixture->trail, m_fixture->clock};
        PasswordLogin login(parts);
        const std::string good = makeSessionToken();
        const std::string other = "ifritjoin" + good.substr(8);
        for (const std::string& token :
             {std::string("x"), std::string("ifritses_x"), good + "x", other,
              good.substr(0, good.size() - 1) + "/", std::string(100'000, 'x')})
            VERIFY_REASON(login.sessionOf(token).status(), "TOKEN_INVALID");
        QCOMPARE(looks, 0);
        VERIFY_REASON(login.sessionOf(good).status(), "TOKEN_INVALID");
        QCOMPARE(looks, 1);
    }

    void sessionsEnd() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::Reader)));
        const auto login = makeLogin();
        VERIFY_REASON(login->sessionOf("ifritses_unknown").status(), "TOKEN_INVALID");
        VERIFY_REASON(login->sessionOf("").status(), "TOKEN_INVALID");

        auto session = login->login("alice", kPassword, kAddress);
        VERIFY_OK(session.status());
        VERIFY_OK(login->logout(session->token, kAddress));
        VERIFY_REASON(login->sessionOf(session->token).status(), "TOKEN_INVALID");
        VERIFY_OK(login->logout(session->token, kAddress));
        QCOMPARE(m_fixture->auditRows().back().entry.verb, std::string("session.logout"));

        session = login->login("alice", kPassword, kAddress);
        VERIFY_OK(session.status());
        m_fixture->clock.advance(std::chrono::hours(8) - std::chrono::milliseconds(1));
        VERIFY_OK(login->sessionOf(session->token).status());
        m_fixture->clock.advance(std::chrono::milliseconds(1));
        VERIFY_REASON(login->sessionOf(session->token).status(), "TOKEN_INVALID");
    }

    void newPasswordAndDisablingEndSessions() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::SuperAdmin)));
        const auto login = makeLogin();
        auto session = login->login("alice", kPassword, kAddress);
        VERIFY_OK(session.status());
        const auto changed =
            person("alice", storage::OperatorRole::Reader, "another long password");
        VERIFY_OK(changePassword(*m_fixture->database, m_fixture->trail, changed, kRoot));
        VERIFY_REASON(login->sessionOf(session->token).status(), "TOKEN_INVALID");
        VERIFY_REASON(login->login("alice", kPassword, kAddress).status(), "LOGIN_WRONG");
        session = login->login("alice", "another long password", kAddress);
        VERIFY_OK(session.status());
        // A new password is no new role.
        QCOMPARE(session->person.role, storage::OperatorRole::SuperAdmin);

        storage::OperatorRecord disabled = session->person;
        disabled.disabled = true;
        VERIFY_OK(m_fixture->database->transact(
            [&](storage::Transaction& t) { return t.operators().update(disabled); }));
        VERIFY_REASON(login->sessionOf(session->token).status(), "TOKEN_INVALID");
        QVERIFY(m_fixture->auditIsIntact());
    }

    void whoIsDisabledIsOutAndTheLastSuperAdminStays() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::SuperAdmin)));
        VERIFY_OK(add(person("bob", storage::OperatorRole::Reader)));
        const auto change = [this](const std::string& name, Standing standing) {
            return changeStanding(*m_fixture->database, m_fixture->trail, name, standing,
                                  m_fixture->clock.now(), kRoot);
        };
        const auto login = makeLogin();
        const auto session = login->login("bob", kPassword, kAddress);
        VERIFY_OK(session.status());
        VERIFY_OK(change("bob", Standing::Disabled));
        VERIFY_REASON(login->sessionOf(session->token).status(), "TOKEN_INVALID");
        VERIFY_REASON(login->login("bob", kPassword, kAddress).status(), "LOGIN_WRONG");
        VERIFY_OK(change("bob", Standing::Enabled));
        QCOMPARE(m_fixture->auditRows().back().entry.verb, std::string("operator.enable"));
        VERIFY_OK(login->login("bob", kPassword, kAddress).status());
        VERIFY_REASON(change("ghost", Standing::Disabled), "OPERATOR_UNKNOWN");
        VERIFY_REASON(change("alice", Standing::Disabled), "LAST_SUPER_ADMIN");
        VERIFY_OK(add(person("carol", storage::OperatorRole::SuperAdmin)));
        VERIFY_OK(change("alice", Standing::Disabled));
        VERIFY_REASON(change("carol", Standing::Disabled), "LAST_SUPER_ADMIN");
        QVERIFY(m_fixture->auditIsIntact());
    }

    void operatorsAreCheckedAndAudited() {
        VERIFY_OK(add(person("alice", storage::OperatorRole::SuperAdmin)));
        VERIFY_REASON(add(person("alice", storage::OperatorRole::Reader)), "OPERATOR_EXISTS");
        const auto ghost = person("ghost", storage::OperatorRole::Reader);
        VERIFY_REASON(changePassword(*m_fixture->database, m_fixture->trail, ghost, kRoot),
                      "OPERATOR_UNKNOWN");
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].entry.after, std::string("{\"role\":\"super_admin\"}"));
        for (const char* bad : {"", "Alice", ".alice", "a b", "a/b", "a\n"})
            VERIFY_REASON(checkOperatorName(bad), "NAME_INVALID");
        for (const char* good : {"alice", "a", "0", "alice@example.org", "a-b_c.d"})
            VERIFY_OK(checkOperatorName(good));
        VERIFY_REASON(checkPassword("short"), "PASSWORD_INVALID");
        VERIFY_REASON(checkPassword(std::string(1'025, 'x')), "PASSWORD_INVALID");
    }
};

QTEST_GUILESS_MAIN(TestPasswordLogin)
#include "tst_password_login.moc"
