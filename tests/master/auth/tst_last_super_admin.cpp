// SPDX-License-Identifier: Apache-2.0
#include <QDeadlineTimer>
#include <QTest>
#include <atomic>
#include <thread>

#include "master/auth/operators.h"
#include "master/storage/sql/connection.h"
#include "master/storage/sql/sql_database.h"
#include "tests/master/auth/auth_fixture.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::auth;
using storage::OperatorRole;

namespace {

/// Does something between the last statement of a use case and its commit.
class HeldBeforeCommit final : public storage::Database {
public:
    HeldBeforeCommit(storage::Database& real, std::function<void()> held)
        : m_real(real), m_held(std::move(held)) {}

    absl::Status transact(const Work& work) override {
        return m_real.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(work(in));
            m_held();
            return absl::OkStatus();
        });
    }
    absl::Status read(const Work& work) override { return m_real.read(work); }

private:
    storage::Database& m_real;
    const std::function<void()> m_held;
};

}  // namespace

/// Two masters on one server, whose administrators each take the other's rights away.
class TestLastSuperAdmin : public QObject {
    Q_OBJECT

private:
    enum class How { Demote, Disable, Remove };

    std::unique_ptr<storage::sql::SqlDatabase> open(const std::string& database) const {
        storage::sql::SqlDatabase::Options with;
        with.server = server(database);
        with.schema = storage::sql::SqlDatabase::Schema::Migrate;
        with.origin = "master";
        auto out = storage::sql::SqlDatabase::open(with, m_clock);
        if (!out.ok()) qFatal("cannot open: %s", base::messageOf(out.status()).c_str());
        return *std::move(out);
    }
    storage::sql::MariadbServer server(const std::string& database) const {
        storage::sql::MariadbServer out;
        out.socket = m_server->socket();
        out.database = database;
        out.user = tests::PrivateMariadb::user();
        out.password = tests::PrivateMariadb::password();
        return out;
    }
    absl::Status take(storage::Database& database, const std::string& from, How how) const {
        const Administrator by{"root", "test", "local"};
        const base::WallTime now = m_clock.now();
        switch (how) {
            case How::Demote:
                return changeRole(database, m_trail, from, OperatorRole::Reader, now, by);
            case How::Disable:
                return changeStanding(database, m_trail, from, Standing::Disabled, now, by);
            case How::Remove:
                break;
        }
        return removeOperator(database, m_trail, from, now, by);
    }
    /// Whether a transaction waits for another one's lock; `watching` is nobody's of theirs.
    static bool somebodyWaits(storage::sql::Connection& watching) {
        // The server shows the same again to whoever asks within a tenth of a second.
        const QDeadlineTimer pause(150);
        while (!pause.hasExpired())
            std::this_thread::yield();
        bool out = false;
        (void)watching.each(
            "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'", {},
            [&out](storage::sql::Row& row) -> absl::Status {
                out = row.integer() > 0;
                return absl::OkStatus();
            });
        return out;
    }

    base::SystemClock m_clock;
    master::audit::AuditTrail m_trail{"demo"};
    std::unique_ptr<tests::PrivateMariadb> m_server;

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateMariadb>(); }
    void cleanupTestCase() { m_server.reset(); }

    void eachTakesTheOthersRights_data();
    void eachTakesTheOthersRights();
};

void TestLastSuperAdmin::eachTakesTheOthersRights_data() {
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    const char* const names[] = {"demote", "disable", "remove"};
    for (const How first : {How::Demote, How::Disable, How::Remove}) {
        for (const How second : {How::Demote, How::Disable, How::Remove})
            QTest::addRow("%s, %s", names[int(first)], names[int(second)])
                << int(first) << int(second);
    }
}

void TestLastSuperAdmin::eachTakesTheOthersRights() {
    QFETCH(int, first);
    QFETCH(int, second);
    const std::string name = m_server->newDatabase();
    const auto here = open(name);
    const auto there = open(name);
    for (const char* person : {"anna", "bert"}) {
        VERIFY_OK(
            addOperator(*here, m_trail,
                        newOperator(person, "", OperatorRole::SuperAdmin, m_clock.now()).value(),
                        {"root", "test", "local"}));
    }
    // Who waits for whom is shown to the server's administrator alone.
    storage::sql::MariadbServer asAdmin = server(name);
    asAdmin.user = "admin";
    asAdmin.password = "admin";
    const auto place = storage::sql::mariadbPlace(asAdmin);
    VERIFY_OK(place.status());
    // The first has found that bert stays and has written all; then the second looks, and either
    // waits for the first or has found that anna stays.
    std::atomic<bool> hasWritten{false};
    std::atomic<bool> otherHasWritten{false};
    HeldBeforeCommit slow(*here, [&] {
        hasWritten = true;
        const auto watching =
            storage::sql::Connection::open(*place, storage::sql::Connection::Use::Write);
        if (!watching.ok()) qFatal("cannot watch");
        const QDeadlineTimer deadline(20'000);
        while (!otherHasWritten && !somebodyWaits(**watching) && !deadline.hasExpired())
            std::this_thread::yield();
        if (deadline.hasExpired()) qFatal("the second neither waits nor is done");
    });
    absl::Status other;
    std::thread thread([&] {
        while (!hasWritten)
            std::this_thread::yield();
        HeldBeforeCommit fast(*there, [&otherHasWritten] { otherHasWritten = true; });
        other = take(fast, "bert", How(second));
    });
    const absl::Status status = take(slow, "anna", How(first));
    hasWritten = true;  // also where it never came so far
    thread.join();
    VERIFY_OK(status);
    VERIFY_REASON(other, "LAST_SUPER_ADMIN");
    VERIFY_OK(here->read([](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto bert, in.operators().find("bert"));
        const bool stays = bert && !bert->disabled && bert->role == OperatorRole::SuperAdmin;
        return stays ? absl::OkStatus() : absl::InternalError("nobody is left");
    }));
    VERIFY_OK(m_trail.verify(*here).status());
}

QTEST_GUILESS_MAIN(TestLastSuperAdmin)
#include "tst_last_super_admin.moc"
