// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdio>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>

#include "master/audit/audit_trail.h"
#include "master/storage/sql/connection.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/call_details.h"
#include "tests/master/storage/contract_data.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::storage;

namespace {

constexpr char kCluster[] = "durable";
constexpr int kThreads = 4;
const base::SystemClock kClock;

std::unique_ptr<Database> openDatabase(const std::string& file) {
    sql::SqlDatabase::Options options;
    options.file = file;
    options.schema = sql::SqlDatabase::Schema::Migrate;
    auto out = sql::SqlDatabase::open(options, kClock);
    if (!out.ok()) qFatal("cannot open: %s", base::messageOf(out.status()).c_str());
    return *std::move(out);
}

std::string nameOf(std::uint64_t generation) {
    return "w-" + std::to_string(generation);
}

/// One use case as the master writes them: a number, a change and its audit row.
absl::StatusOr<std::uint64_t> change(Database& database, const master::audit::AuditTrail& trail) {
    std::uint64_t generation = 0;
    const absl::Status status = database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(generation, t.desired().nextGeneration());
        OperatorRecord person;
        person.name = nameOf(generation);
        person.created = at(1);
        person.changed = at(1);
        IFRIT_RETURN_IF_ERROR(t.operators().add(person));
        AuditEntry entry;
        entry.at = at(1);
        entry.verb = "user.add";
        entry.object = person.name;
        entry.result = "allowed";
        return trail.append(t, entry);
    });
    if (!status.ok()) return status;
    return generation;
}

/// The child process: changes without end and says each one that was committed.
int writeForEver(const std::string& file) {
    const auto database = openDatabase(file);
    const master::audit::AuditTrail trail(kCluster);
    std::mutex out;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (auto done = change(*database, trail); done.ok(); done = change(*database, trail)) {
                const std::lock_guard lock(out);
                std::printf("%llu\n", static_cast<unsigned long long>(*done));
                std::fflush(stdout);
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    return EXIT_FAILURE;
}

/// Starts the child, kills it after `acks` lines, and gives all that it said until then.
std::set<std::uint64_t> ackedBeforeKill(const QString& file, std::size_t acks) {
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--write"), file});
    std::set<std::uint64_t> out;
    const auto take = [&] {
        while (child.canReadLine())
            out.insert(child.readLine().trimmed().toULongLong());
    };
    while (out.size() < acks && child.waitForReadyRead(20'000))
        take();
    child.kill();  // SIGKILL, in the middle of whatever its threads do
    child.waitForFinished();
    take();
    if (child.exitStatus() != QProcess::CrashExit) out.clear();
    return out;
}

}  // namespace

class TestDurability : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyAcknowledgedChangeSurvivesKill();
    void writerFlushesEachCommit();
    void databaseThatIsHeldIsToldApart();
};

void TestDurability::everyAcknowledgedChangeSurvivesKill() {
    const QTemporaryDir directory;
    const QString file = directory.filePath(QStringLiteral("f.db"));
    std::set<std::uint64_t> acked;
    // Again and again over the same file: what a kill left is what the next one starts from.
    for (const std::size_t acks : {1, 7, 40, 90, 25}) {
        const auto more = ackedBeforeKill(file, acks);
        QVERIFY2(more.size() >= acks, std::to_string(more.size()).c_str());
        acked.insert(more.begin(), more.end());

        const auto database = openDatabase(file.toStdString());
        std::set<std::string> names;
        std::uint64_t generation = 0;
        AuditHead head;
        VERIFY_OK(database->read([&](Transaction& view) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto people, view.operators().list());
            for (const OperatorRecord& person : people)
                names.insert(person.name);
            IFRIT_ASSIGN_OR_RETURN(generation, view.desired().generation());
            IFRIT_ASSIGN_OR_RETURN(head, view.audit().head());
            return absl::OkStatus();
        }));
        for (const std::uint64_t one : acked)
            QVERIFY2(names.contains(nameOf(one)), nameOf(one).c_str());
        // Nothing is there in part: each change has its number and its audit row.
        QCOMPARE(std::uint64_t{names.size()}, generation);
        QCOMPARE(head.id, generation);
        const auto check = master::audit::AuditTrail(kCluster).verify(*database);
        QVERIFY(check.ok());
        QVERIFY2(check->intact, check->message.c_str());
    }
}

void TestDurability::writerFlushesEachCommit() {
    // A kill leaves the system's cache; only a power cut would show a commit that was not flushed.
    const QTemporaryDir directory;
    const auto writer = sql::Connection::open(
        sql::sqlitePlace(directory.filePath(QStringLiteral("f.db")).toStdString(),
                         std::chrono::milliseconds(100)),
        sql::Connection::Use::Write);
    VERIFY_OK(writer.status());
    const auto pragma = [&](const std::string& name) {
        std::string out;
        const absl::Status status =
            (*writer)->each("PRAGMA " + name, {}, [&out](sql::Row& row) -> absl::Status {
                out = row.text();
                return absl::OkStatus();
            });
        return status.ok() ? out : base::messageOf(status);
    };
    QCOMPARE(pragma("journal_mode"), std::string("wal"));
    QCOMPARE(pragma("synchronous"), std::string("2"));  // FULL
    QCOMPARE(pragma("foreign_keys"), std::string("1"));
}

void TestDurability::databaseThatIsHeldIsToldApart() {
    const QTemporaryDir directory;
    sql::SqlDatabase::Options options;
    options.file = directory.filePath(QStringLiteral("f.db")).toStdString();
    options.schema = sql::SqlDatabase::Schema::Migrate;
    options.busyTimeout = std::chrono::milliseconds(20);
    options.attempts = 3;
    const auto one = sql::SqlDatabase::open(options, kClock);
    const auto two = sql::SqlDatabase::open(options, kClock);
    VERIFY_OK(one.status());
    VERIFY_OK(two.status());
    const master::audit::AuditTrail trail(kCluster);
    absl::Status meanwhile;
    VERIFY_OK((*one)->transact([&](Transaction&) {
        std::thread other([&] { meanwhile = change(**two, trail).status(); });
        other.join();
        return absl::OkStatus();
    }));
    QCOMPARE(meanwhile.code(), absl::StatusCode::kUnavailable);
    VERIFY_REASON(meanwhile, "DATABASE_AWAY");
    QVERIFY(base::callDetails(meanwhile).retryAfter.count() > 0);
    VERIFY_OK(change(**two, trail).status());
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "--write") return writeForEver(argv[2]);
    TestDurability test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_durability.moc"
