// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/app/backup.h"
#include "master/app/cluster_init.h"
#include "master/app/open_stores.h"
#include "master/app/own_address.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/sha256.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::app;

namespace fs = std::filesystem;

namespace {

/// Another master, in this process and without a port: gives `archive`, whatever it is asked for.
class HoldingMaster final : public v1::Masters::Service {
public:
    explicit HoldingMaster(std::string archive) : m_archive(std::move(archive)) {
        grpc::ServerBuilder builder;
        builder.RegisterService(this);
        m_server = builder.BuildAndStart();
    }
    ~HoldingMaster() override { m_server->Shutdown(); }
    std::shared_ptr<grpc::Channel> channel() { return m_server->InProcessChannel({}); }

    grpc::Status FetchArchive(grpc::ServerContext*, const v1::FetchArchiveRequest* request,
                              grpc::ServerWriter<v1::ArchiveChunk>* writer) override {
        if (request->size_bytes() != m_archive.size())
            return {grpc::StatusCode::NOT_FOUND, "this master does not hold it"};
        v1::ArchiveChunk chunk;
        chunk.set_offset(request->offset());
        chunk.set_data(m_archive.substr(request->offset()));
        writer->Write(chunk);
        return grpc::Status::OK;
    }

private:
    const std::string m_archive;
    std::unique_ptr<grpc::Server> m_server;
};

}  // namespace

class TestBackup : public QObject {
    Q_OBJECT

    const base::SystemClock m_clock{};
    std::unique_ptr<QTemporaryDir> m_directory;

    fs::path path(const char* name) const {
        return fs::path(m_directory->path().toStdString()) / name;
    }
    MasterFiles master() const { return MasterFiles(path("master")); }
    static std::string textOf(const fs::path& file) {
        return base::readFile(file.string(), 1 << 20).value_or("");
    }
    absl::StatusOr<BackupSummary> backup(
        bool packages = true, std::function<void(const std::string&)> progress = nullptr) const {
        return makeBackup(master(), loadConfig(master().config().string()).value(), path("backup"),
                          {packages, std::move(progress)}, m_clock);
    }
    /// `mark`: what makes two packages of one archive differ.
    void addPackage(const std::string& archiveDigest, std::uint64_t bytes = 0,
                    char mark = 0) const {
        const auto database = openDatabase(master(), StoreConfig(),
                                           storage::sql::SqlDatabase::Schema::Require, m_clock);
        QVERIFY(database.ok());
        storage::PackageRecord package;
        package.agent = "logd";
        if (mark == 0) mark = archiveDigest[0];
        package.version = std::string("of-") + mark;
        package.machineTypes = {"LINUX"};
        package.manifestDigest = std::string(64, static_cast<char>(mark + 2));
        package.archiveDigest = archiveDigest;
        package.archiveBytes = bytes;
        QVERIFY((*database)
                    ->transact(
                        [&package](storage::Transaction& in) { return in.packages().put(package); })
                    .ok());
    }
    absl::StatusOr<BackupSummary> restore(const std::string& config = "") const {
        return restoreBackup(path("backup"), MasterFiles(path("again")), {config}, m_clock);
    }
    static std::string reasonOf(const absl::Status& status) {
        return base::errorInfo(status).reason;
    }

    /// Files of a directory, and their bytes together.
    static std::pair<std::uint64_t, std::uint64_t> filesIn(const fs::path& directory) {
        std::pair<std::uint64_t, std::uint64_t> out;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
            if (!entry.is_regular_file()) continue;
            ++out.first;
            out.second += entry.file_size();
        }
        return out;
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        InitRequest request;
        request.directory = master().directory();
        request.cluster = "shop";
        request.addresses = {"127.0.0.1:7443"};
        request.passwordCost = crypto::PasswordCost::Least;
        const auto made = initCluster(request, m_clock);
        QVERIFY2(made.ok(), base::messageOf(made.status()).c_str());
        fs::create_directories(master().packages() / "ab");
        std::ofstream(master().packages() / "ab" / "abcd") << "an archive";
    }

    void theFilesThatAreCountedAreThere() {
        const auto kept = backup();
        QVERIFY2(kept.ok(), kept.status().ToString().c_str());
        QCOMPARE(std::pair(kept->files, kept->bytes), filesIn(path("backup")));
        const auto again = restore();
        QVERIFY2(again.ok(), again.status().ToString().c_str());
        QCOMPARE(std::pair(again->files, again->bytes), filesIn(path("again")));
    }

    void whatWasKeptComesBack() {
        const auto kept = backup();
        QVERIFY2(kept.ok(), base::messageOf(kept.status()).c_str());
        QCOMPARE(kept->cluster, std::string("shop"));
        const auto restored = restore();
        QVERIFY2(restored.ok(), base::messageOf(restored.status()).c_str());
        const MasterFiles again(path("again"));
        QVERIFY(restored->generation > kept->generation + 100'000);
        for (const auto& [was, is] :
             {std::pair(master().caKey(), again.caKey()),
              std::pair(master().serverCertificate(), again.serverCertificate()),
              std::pair(master().config(), again.config()),
              std::pair(master().adminBundle(), again.adminBundle()),
              std::pair(master().packages() / "ab/abcd", again.packages() / "ab/abcd")})
            QVERIFY2(textOf(was) == textOf(is), is.c_str());
        QVERIFY(again.readCa().ok() && again.readServer().ok());
        // Secrets stay secret, in the backup too.
        for (const fs::path& secret :
             {again.caKey(), again.database(), path("backup") / "ca.key.pem",
              path("backup") / "cluster.db"})
            QVERIFY2((fs::status(secret).permissions() & fs::perms(077)) == fs::perms::none,
                     secret.c_str());
        const auto database =
            openDatabase(again, StoreConfig(), storage::sql::SqlDatabase::Schema::Require, m_clock);
        QVERIFY(database.ok());
        QVERIFY((*database)
                    ->read([](storage::Transaction& in) -> absl::Status {
                        IFRIT_ASSIGN_OR_RETURN(const auto found, in.operators().find("admin"));
                        if (!found) return absl::InternalError("no admin");
                        IFRIT_ASSIGN_OR_RETURN(const auto rows, in.audit().list({}, 0, 10));
                        if (rows.front().entry.verb != "cluster.restore")
                            return absl::InternalError("not audited");
                        // Nobody's revocation since is known of: no machine changes yet.
                        IFRIT_ASSIGN_OR_RETURN(const auto freezes, in.changes().openFreezes());
                        if (freezes.size() != 1) return absl::InternalError("not frozen");
                        return absl::OkStatus();
                    })
                    .ok());
    }

    /// Machines that were told of the first would have taken the second for an old state.
    void aBackupThatIsRestoredAgainIsNewsAgain() {
        QVERIFY(backup().ok());
        services::ManualClock clock;
        const auto first = restoreBackup(path("backup"), MasterFiles(path("one")), {}, clock);
        QVERIFY2(first.ok(), base::messageOf(first.status()).c_str());
        // The cluster that was restored goes on, and is lost in turn.
        clock.advance(std::chrono::minutes(10));
        const auto second = restoreBackup(path("backup"), MasterFiles(path("two")), {}, clock);
        QVERIFY2(second.ok(), base::messageOf(second.status()).c_str());
        QVERIFY2(second->generation > first->generation + 100'000,
                 std::to_string(second->generation).c_str());
    }

    void numbersOfARestoredClusterGoByTheClock_data() {
        QTest::addColumn<qulonglong>("kept");
        QTest::addColumn<qint64>("now");
        QTest::addColumn<qulonglong>("next");
        QTest::newRow("the first restore")
            << 7ULL << qint64{1'800'000'000'000} << 1'800'000'000'000ULL;
        QTest::newRow("of a cluster that was restored before")
            << 1'800'000'000'500ULL << qint64{1'800'000'060'000} << 1'800'000'060'000ULL;
        QTest::newRow("the clock is behind")
            << 1'800'000'000'500ULL << qint64{1'700'000'000'000} << 1'800'001'000'500ULL;
        QTest::newRow("before all time") << 7ULL << qint64{-5} << 1'000'007ULL;
    }
    void numbersOfARestoredClusterGoByTheClock() {
        QFETCH(qulonglong, kept);
        QFETCH(qint64, now);
        QFETCH(qulonglong, next);
        QCOMPARE(restoredNumber(kept, base::fromUnixMillis(now)), std::uint64_t{next});
    }

    /// Whoever led at the time of the backup may still run, and would have gone on.
    void nobodyLeadsARestoredCluster() {
        using Schema = storage::sql::SqlDatabase::Schema;
        {
            const auto database = openDatabase(master(), StoreConfig(), Schema::Require, m_clock);
            QVERIFY(database.ok());
            QVERIFY((*database)
                        ->transact([](storage::Transaction& in) -> absl::Status {
                            storage::MemberRecord member;
                            member.id = "m-1";
                            member.address = "a:7443";
                            IFRIT_RETURN_IF_ERROR(in.masters().put(member));
                            return in.masters().putLease({"m-1", "a:7443", 7, 30});
                        })
                        .ok());
        }
        QVERIFY(backup().ok());
        QVERIFY(restore().ok());
        const auto database =
            openDatabase(MasterFiles(path("again")), StoreConfig(), Schema::Require, m_clock);
        QVERIFY(database.ok());
        storage::LeaseRecord lease;
        std::size_t masters = 1;
        QVERIFY((*database)
                    ->read([&](storage::Transaction& in) -> absl::Status {
                        IFRIT_ASSIGN_OR_RETURN(lease, in.masters().lease());
                        IFRIT_ASSIGN_OR_RETURN(const auto all, in.masters().list());
                        masters = all.size();
                        return absl::OkStatus();
                    })
                    .ok());
        QCOMPARE(lease.holder, std::string());
        QVERIFY(lease.token > 100'000);
        QCOMPARE(masters, std::size_t(0));
    }

    /// It would copy what it is just making, the CA's key among it.
    void aBackupIsMadeOutsideOfWhatItKeeps() {
        const Config config = loadConfig(master().config().string()).value();
        for (const fs::path& inside :
             {master().packages() / "kept", path("master") / "." / "x" / ".." / "kept"}) {
            const absl::Status refused = makeBackup(master(), config, inside, {}, m_clock).status();
            QCOMPARE(reasonOf(refused), std::string("BACKUP_INSIDE"));
            QVERIFY(!fs::exists(inside));
        }
        // A name that only begins alike is another place.
        QVERIFY(makeBackup(master(), config, path("master-backup"), {}, m_clock).ok());
        QVERIFY(backup().ok());
        const auto refused =
            restoreBackup(path("backup"), MasterFiles(path("backup") / "again"), {}, m_clock);
        QCOMPARE(reasonOf(refused.status()), std::string("BACKUP_INSIDE"));
    }

    void archivesCanBeLeftOut() {
        QVERIFY(backup(false).ok());
        QVERIFY(!fs::exists(path("backup") / "packages"));
        QVERIFY(restore().ok());
    }

    void archivesThatAreNotThereAreNamed() {
        const std::string here(64, 'a');
        const std::string gone(64, 'b');
        const auto folderOf = [this](const std::string& digest) {
            return master().packages() / "sha256" / digest.substr(0, 2);
        };
        for (const std::string& digest : {here, gone}) {
            addPackage(digest);
            fs::create_directories(folderOf(digest));
            std::ofstream(folderOf(digest) / digest) << "an archive";
        }
        const auto whole = backup();
        QVERIFY(whole.ok() && whole->missing.empty());
        fs::remove_all(path("backup"));

        // Its package is deleted after the database was copied, and another one is just uploaded.
        const auto steps = [&](const std::string& step) {
            if (step != "packages") return;
            fs::remove_all(folderOf(gone));
            std::ofstream(folderOf(here) / (here + ".part")) << "half of";
        };
        const auto kept = backup(true, steps);
        QVERIFY2(kept.ok(), base::messageOf(kept.status()).c_str());
        QCOMPARE(kept->missing, std::vector<std::string>{"logd of-b (bbbbbbbbbbbb)"});
        QVERIFY(fs::exists(path("backup") / "packages/sha256/aa" / here));
        QVERIFY(!fs::exists(path("backup") / "packages/sha256/aa" / (here + ".part")));
        const auto restored = restore();
        QVERIFY2(restored.ok(), base::messageOf(restored.status()).c_str());
        QCOMPARE(restored->missing, kept->missing);
    }

    /// One master out of reach, one that gives something else, one that has it.
    void archivesAreFetchedFromWhoeverHasThem() {
        const std::string held = "the archive of a";
        const std::string digest = crypto::sha256Hex(held);
        const std::string gone(64, 'b');
        addPackage(digest, held.size());
        addPackage(gone, 3);
        HoldingMaster liar("another archive.");
        HoldingMaster good(held);
        const auto nowhere =
            grpc::CreateChannel("unix:/nonexistent/ifrit", grpc::InsecureChannelCredentials());
        std::vector<std::string> steps;
        const auto others = [&]() -> absl::StatusOr<std::vector<ArchiveSource>> {
            return std::vector<ArchiveSource>{
                {"away:1", nowhere}, {"liar:1", liar.channel()}, {"good:1", good.channel()}};
        };
        const auto kept = makeBackup(
            master(), loadConfig(master().config().string()).value(), path("backup"),
            {true, [&steps](const std::string& step) { steps.push_back(step); }, others}, m_clock);
        QVERIFY2(kept.ok(), base::messageOf(kept.status()).c_str());
        QCOMPARE(kept->missing, std::vector<std::string>{"logd of-b (bbbbbbbbbbbb)"});
        const fs::path folder = path("backup") / "packages/sha256";
        QCOMPARE(textOf(folder / digest.substr(0, 2) / digest), held);
        // Of what nobody gave nothing is left.
        QVERIFY(!fs::exists(folder / "bb"));
        const auto told = [&steps](const std::string& part) {
            return std::count_if(steps.begin(), steps.end(), [&part](const auto& step) {
                return step.find(part) != std::string::npos;
            });
        };
        QCOMPARE(told("from good:1"), 1);
        // Once, though two were missing.
        QCOMPARE(told("away:1"), 1);
        QVERIFY(restore().ok());
    }

    void anArchiveOfTwoPackagesIsFetchedOnce() {
        const std::string held = "the archive of both";
        const std::string digest = crypto::sha256Hex(held);
        addPackage(digest, held.size(), 'a');
        addPackage(digest, held.size(), 'b');
        HoldingMaster one(held);
        HoldingMaster two(held);
        std::vector<std::string> steps;
        const auto say = [&steps](const std::string& step) {
            if (step.rfind("logd ", 0) == 0) steps.push_back(step);
        };
        const auto others = [&]() -> absl::StatusOr<std::vector<ArchiveSource>> {
            return std::vector<ArchiveSource>{{"one:1", one.channel()}, {"two:1", two.channel()}};
        };
        const auto kept = makeBackup(master(), loadConfig(master().config().string()).value(),
                                     path("backup"), {true, say, others}, m_clock);
        QVERIFY2(kept.ok(), base::messageOf(kept.status()).c_str());
        QVERIFY(kept->missing.empty());
        // For the package that is listed first.
        QCOMPARE(steps.size(), std::size_t(1));
        QVERIFY2(steps.front().find(": from one:1") != std::string::npos, steps.front().c_str());
    }

    /// Its own directory is the one that lacks the archives.
    void aMasterDoesNotAskItself() {
        const auto member = [](const char* id, const char* address) {
            storage::MemberRecord out;
            out.id = id;
            out.address = address;
            return out;
        };
        const std::vector<storage::MemberRecord> members = {
            member("m-1", "a:7443"), member("m-2", "b:7443"), member("m-3", "b:7443")};
        const std::vector<std::string> other = {"b:7443"};
        QCOMPARE(addressesToAsk(members, advertisedAddress("a:7443", "0.0.0.0:1")), other);
        QCOMPARE(addressesToAsk(members, advertisedAddress("", "a:7443")), other);
        QCOMPARE(advertisedAddress("", "0.0.0.0:7443"), hostName() + ":7443");
        QCOMPARE(addressesToAsk(members, "c:7443").size(), std::size_t(2));
    }

    void mastersThatCannotBeAskedForAreNoFailure() {
        addPackage(std::string(64, 'b'), 3);
        const auto kept =
            makeBackup(master(), loadConfig(master().config().string()).value(), path("backup"),
                       {true, nullptr,
                        []() -> absl::StatusOr<std::vector<ArchiveSource>> {
                            return absl::UnavailableError("the database is away");
                        }},
                       m_clock);
        QVERIFY2(kept.ok(), base::messageOf(kept.status()).c_str());
        QCOMPARE(kept->missing.size(), std::size_t(1));
    }

    void nothingIsOverwritten() {
        QVERIFY(backup().ok());
        QCOMPARE(reasonOf(backup().status()), std::string("DIRECTORY_NOT_EMPTY"));
        QVERIFY(restore().ok());
        QCOMPARE(reasonOf(restore().status()), std::string("DIRECTORY_NOT_EMPTY"));
    }

    void aDamagedBackupRestoresNothing_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("isRemoved");
        for (const char* file : {"cluster.db", "ca.key.pem", "master.toml", "packages/ab/abcd"}) {
            QTest::addRow("%s changed", file) << QString::fromLatin1(file) << false;
            QTest::addRow("%s removed", file) << QString::fromLatin1(file) << true;
        }
        QTest::newRow("added") << QStringLiteral("packages/ab/more") << false;
        QTest::newRow("no sums") << QStringLiteral("SHA256SUMS") << true;
    }
    void aDamagedBackupRestoresNothing() {
        QFETCH(QString, file);
        QFETCH(bool, isRemoved);
        QVERIFY(backup().ok());
        const fs::path damaged = path("backup") / file.toStdString();
        if (isRemoved) {
            fs::remove(damaged);
        } else {
            std::ofstream(damaged, std::ios::app) << "x";
        }
        const absl::Status status = restore().status();
        QVERIFY(!status.ok());
        const std::map<std::string, std::string> reasons{{"packages/ab/more", "BACKUP_STRANGER"},
                                                         {"SHA256SUMS", "BACKUP_MISSING"}};
        const auto reason = reasons.find(file.toStdString());
        QCOMPARE(reasonOf(status), reason == reasons.end() ? "BACKUP_DAMAGED" : reason->second);
        QVERIFY(base::messageOf(status).find(file.toStdString()) != std::string::npos);
        QVERIFY(!fs::exists(path("again")));
        QVERIFY(base::messageOf(status).find(path("backup").string()) != std::string::npos);
    }

    void aBadConfigurationRestoresNothing() {
        QVERIFY(backup().ok());
        std::ofstream(path("other.toml")) << "lisen = \"127.0.0.1:1\"\n";
        const absl::Status status = restore(path("other.toml").string()).status();
        QCOMPARE(reasonOf(status), std::string("CONFIG_INVALID"));
        QVERIFY(!fs::exists(path("again")));
        for (const auto& entry : fs::directory_iterator(path("")))
            QVERIFY2(entry.path().filename().string().front() != '.', entry.path().c_str());
    }
};

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
