// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <filesystem>
#include <set>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/server_fixture.h"
#include "tests/support/test_manifest.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

/// A publish as root whose sender stops in the middle and says nothing more.
class Upload {
public:
    Upload(ServerFixture& fixture, const std::string& program)
        : m_fixture(fixture),
          m_archive(ifrit::tests::archiveOf(program)),
          m_stub(v1::Packages::NewStub(fixture.root())) {
        ifrit::rpc::setDeadline(m_context, std::chrono::seconds(30));
        m_writer = m_stub->PublishPackage(&m_context, &m_response);
        const auto manifest = ifrit::tests::signedManifest("logd", "1", program, fixture.key);
        v1::PublishPackageRequest message;
        message.mutable_begin()->set_manifest(manifest.bytes);
        message.mutable_begin()->set_signature(manifest.signature);
        message.mutable_begin()->set_key_id(manifest.keyId);
        m_writer->Write(message);
    }
    void send(std::size_t bytes) {
        v1::PublishPackageRequest chunk;
        chunk.set_chunk(m_archive.substr(0, bytes));
        m_writer->Write(chunk);
    }
    /// The master has what was sent.
    bool isTaken() {
        services::ArchiveStore& archives = m_fixture.server->services().packages().archives();
        return QTest::qWaitFor(
            [&] { return archives.progress(crypto::sha256Hex(m_archive))->committedBytes > 0; },
            20'000);
    }
    grpc::Status finish() { return m_writer->Finish(); }

private:
    ServerFixture& m_fixture;
    const std::string m_archive;
    const std::unique_ptr<v1::Packages::Stub> m_stub;
    grpc::ClientContext m_context;
    v1::PublishPackageResponse m_response;
    std::unique_ptr<grpc::ClientWriter<v1::PublishPackageRequest>> m_writer;
};

}  // namespace

class TestPublishing : public QObject {
    Q_OBJECT

    static std::string digestOf(storage::MemoryDatabase& database, const std::string& version) {
        const absl::MutexLock lock(&database.mutex);
        for (const auto& [digest, package] : database.state.packages) {
            if (package.version == version) return digest;
        }
        return {};
    }

private Q_SLOTS:
    void publishingIsResumableAndChecked() {
        ServerFixture fixture;
        v1::PublishPackageResponse response;
        const std::string program = ifrit::tests::noiseOf(10'500);
        // Cut off in the middle: nothing exists, and the next call goes on from there.
        auto status = fixture.publish("1", program, fixture.key, 4'000, response);
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY(fixture.database->state.packages.empty());
        status = fixture.publish("1", program, response);
        QVERIFY2(status.ok(), status.error_message().c_str());
        QVERIFY(!response.existed());
        QVERIFY(fixture.publish("1", program, response).ok());
        QVERIFY(response.existed());
        // Same version, other content.
        status = fixture.publish("1", "other", response);
        QCOMPARE(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
        // A key that this cluster does not trust.
        const auto stranger = crypto::SigningKey::generate().value();
        status = fixture.publish("3", program, stranger, std::string::npos, response);
        QCOMPARE(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        QCOMPARE(fixture.database->state.packages.size(), std::size_t{1});
        // Until it does, with the master running on; and no longer once the key is removed.
        fixture.trust(stranger);
        status = fixture.publish("3", program, stranger, std::string::npos, response);
        QVERIFY2(status.ok(), status.error_message().c_str());
        fixture.database->state.publisherKeys.pop_back();
        status = fixture.publish("4", program, stranger, std::string::npos, response);
        QCOMPARE(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    }

    /// Its reason came with the first message, and it failed with the last.
    void aFailedPublishIsAuditedWithWhatItSaid() {
        ServerFixture fixture;
        const auto stub = v1::Packages::NewStub(fixture.root());
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
        v1::PublishPackageResponse response;
        const auto writer = stub->PublishPackage(&context, &response);
        const auto manifest = ifrit::tests::signedManifest("logd", "1", "program", fixture.key);
        v1::PublishPackageRequest message;
        v1::PublishPackageRequest::Begin& begin = *message.mutable_begin();
        begin.set_manifest(manifest.bytes);
        begin.set_signature(manifest.signature);
        begin.set_key_id(manifest.keyId);
        begin.mutable_mutation()->set_reason("OPS-9");
        begin.mutable_mutation()->set_via("ctl");
        begin.mutable_mutation()->set_request_id("publish-17");
        QVERIFY(writer->Write(message));
        // Nothing of the archive comes.
        writer->WritesDone();
        const absl::Status status = ifrit::rpc::fromGrpc(writer->Finish());
        QVERIFY(!status.ok());
        QCOMPARE(base::callDetails(status).requestId, std::string("publish-17"));
        const absl::MutexLock lock(&fixture.database->mutex);
        const auto& entry = fixture.database->state.audit.back().entry;
        QCOMPARE(entry.verb, std::string("package.publish"));
        QCOMPARE(entry.result, std::string("failed"));
        QCOMPARE(entry.actor, std::string("root"));
        QCOMPARE(entry.reason, std::string("OPS-9"));
        QCOMPARE(entry.via, std::string("ctl"));
        QCOMPARE(entry.requestId, std::string("publish-17"));
    }

    /// Row H2's "the next call is refused" for a call that goes on for hours.
    void anUploadEndsWithItsOperatorsRights() {
        ServerFixture fixture;
        const std::string program = ifrit::tests::noiseOf(10'500);
        Upload upload(fixture, program);
        upload.send(4'000);
        QVERIFY(upload.isTaken());
        {
            const absl::MutexLock lock(&fixture.identities.mutex);
            fixture.identities.revoked = {"root"};
        }
        // It waits for a message that never comes.
        QCOMPARE(upload.finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
        QVERIFY(fixture.database->state.packages.empty());
        {
            const absl::MutexLock lock(&fixture.identities.mutex);
            fixture.identities.revoked.clear();
        }
        // Nobody holds the archive any more, and what had come is not sent again.
        v1::PublishPackageResponse response;
        const grpc::Status status = fixture.publish("1", program, response);
        QVERIFY2(status.ok(), status.error_message().c_str());
    }

    void anUploadOfWhichNothingComesEnds() {
        ServerFixture fixture(nullptr, {.uploadSilence = std::chrono::seconds(3)});
        const std::string program = ifrit::tests::noiseOf(10'500);
        Upload upload(fixture, program);
        upload.send(4'000);
        const grpc::Status ended = upload.finish();
        QCOMPARE(ended.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
        QCOMPARE(base::errorInfo(ifrit::rpc::fromGrpc(ended)).reason, std::string("UPLOAD_SILENT"));
        v1::PublishPackageResponse response;
        const grpc::Status status = fixture.publish("1", program, response);
        QVERIFY2(status.ok(), status.error_message().c_str());
    }

    void anArchiveThatIsNotWhatTheManifestListsIsNotKept() {
        ServerFixture fixture;
        const std::string packed = ifrit::tests::archiveOf("evil");
        const auto document =
            ifrit::tests::signedManifestOf("logd", "1", "good", packed, fixture.key);
        services::PackageService& packages = fixture.server->services().packages();
        const services::Caller caller{"root", "local", "test", {}, "test"};
        auto begun = packages.begin(caller, document, 0);
        QVERIFY(begun.ok());
        QVERIFY(begun->upload->write(packed).ok());
        const auto published = packages.finish(caller, *begun);
        QCOMPARE(base::errorInfo(published.status()).reason, std::string("PACKAGE_ARCHIVE"));
        QVERIFY(fixture.database->state.packages.empty());
        QVERIFY(!packages.archives().progress(crypto::sha256Hex(packed))->complete);
    }

    /// Of many packages each machine's question reads the one that it names.
    void aPackageIsFoundWithoutTheOthers() {
        ServerFixture fixture;
        v1::PublishPackageResponse response;
        QVERIFY(fixture.publish("1", "program", response).ok());
        storage::PackageRecord wanted;
        {
            const absl::MutexLock lock(&fixture.database->mutex);
            wanted = fixture.database->state.packages.begin()->second;
            for (int i = 0; i < 200; ++i) {
                storage::PackageRecord other = wanted;
                other.version = "other " + std::to_string(i);
                other.manifestDigest = crypto::sha256Hex(other.version);
                fixture.database->state.packages[other.manifestDigest] = other;
            }
        }
        const auto lists = [&fixture] {
            const absl::MutexLock lock(&fixture.database->mutex);
            return *fixture.database->state.packageLists;
        };
        const int before = lists();
        services::PackageService& packages = fixture.server->services().packages();
        const auto byDigest = packages.find(wanted.manifestDigest, {}, {}, {});
        QVERIFY(byDigest.ok());
        QCOMPARE(byDigest->manifest, wanted.manifest);
        const auto byName = packages.find({}, "logd", "1", "LINUX");
        QVERIFY(byName.ok());
        QCOMPARE(byName->manifestDigest, wanted.manifestDigest);
        QCOMPARE(lists(), before);
        // Without a type it is any of that version.
        const auto anyType = packages.find({}, "logd", "1", {});
        QVERIFY(anyType.ok());
        QCOMPARE(anyType->manifest, wanted.manifest);
        QCOMPARE(base::errorInfo(packages.find({}, "logd", "2", {}).status()).reason,
                 std::string("PACKAGE_UNKNOWN"));
    }

    /// As after a restore from a backup without packages.
    void anArchiveThatIsLostIsPublishedAgain() {
        ServerFixture fixture;
        v1::PublishPackageResponse response;
        const std::string program = ifrit::tests::noiseOf(10'500);
        QVERIFY(fixture.publish("1", program, response).ok());
        const storage::PackageRecord before = fixture.database->state.packages.begin()->second;
        services::ArchiveStore& archives = fixture.server->services().packages().archives();
        const auto isHere = [&] { return archives.progress(before.archiveDigest)->complete; };
        std::filesystem::remove_all(std::filesystem::path(fixture.directory) / "sha256");
        QVERIFY(!isHere());
        const auto rows = [&fixture] {
            const absl::MutexLock lock(&fixture.database->mutex);
            return fixture.database->state.audit;
        };
        const std::size_t audited = rows().size();

        const grpc::Status status = fixture.publish("1", program, response);
        QVERIFY2(status.ok(), status.error_message().c_str());
        QVERIFY(response.existed());
        QVERIFY(response.archive_put_back());
        QVERIFY(isHere());
        QCOMPARE(rows().size(), audited + 1);
        QCOMPARE(rows().back().entry.verb, std::string("package.publish"));
        QVERIFY(rows().back().entry.after.find("sent again") != std::string::npos);
        const storage::PackageRecord after = fixture.database->state.packages.begin()->second;
        QCOMPARE(fixture.database->state.packages.size(), std::size_t{1});
        QVERIFY(after.published == before.published && after.publishedBy == before.publishedBy);
        // And nothing is done for one that is here.
        QVERIFY(fixture.publish("1", program, response).ok());
        QVERIFY(response.existed());
        QVERIFY(!response.archive_put_back());
        QCOMPARE(rows().size(), audited + 1);
    }

    /// One package goes while another one of the same archive comes.
    void anArchiveStaysForThePackageThatIsJustPublished() {
        ServerFixture fixture;
        v1::PublishPackageResponse response;
        QVERIFY(fixture.publish("1", "program", response).ok());
        services::PackageService& packages = fixture.server->services().packages();
        const services::Caller caller{"root", "local", "test", {}, "test"};
        const std::string first = digestOf(*fixture.database, "1");
        const std::string packed = ifrit::tests::archiveOf("program");
        const auto document =
            ifrit::tests::signedManifestOf("logd", "2", "program", packed, fixture.key);
        auto begun = packages.begin(caller, document, 0);
        QVERIFY2(begun.ok() && !begun->upload, "its archive is here already");
        QVERIFY(packages.erase(caller, first).ok());
        const auto published = packages.finish(caller, *begun);
        QVERIFY2(published.ok(), base::messageOf(published.status()).c_str());
        QVERIFY(packages.archives().progress(published->archiveDigest)->complete);
        // With the last package it goes.
        QVERIFY(packages.erase(caller, published->manifestDigest).ok());
        QVERIFY(!packages.archives().progress(published->archiveDigest)->complete);
    }

    /// What was answered before the file is removed counts, and who comes meanwhile waits.
    void nobodyBeginsToNeedAnArchiveWhileItGoes() {
        ServerFixture fixture;
        v1::PublishPackageResponse response;
        QVERIFY(fixture.publish("1", "program", response).ok());
        const std::string archive = fixture.database->state.packages.begin()->second.archiveDigest;
        services::ArchiveStore& archives = fixture.server->services().packages().archives();
        const auto isHere = [&] { return archives.progress(archive)->complete; };
        absl::Status meanwhile;
        const auto ask = [&](bool needed) {
            return archives.eraseUnless(archive, [&, needed]() -> absl::StatusOr<bool> {
                meanwhile = archives.hold(archive).status();
                return needed;
            });
        };
        QVERIFY(ask(true).ok());
        QCOMPARE(base::errorInfo(meanwhile).reason, std::string("UPLOAD_BUSY"));
        QVERIFY(isHere());
        {
            const auto one = archives.hold(archive);
            const auto other = archives.hold(archive);
            QVERIFY(one.ok() && other.ok());
            meanwhile = absl::OkStatus();
            QVERIFY(ask(false).ok());
            QVERIFY2(meanwhile.ok(), "not even asked for");
            QVERIFY(isHere());
        }
        const auto away = [] { return absl::StatusOr<bool>(absl::UnavailableError("away")); };
        QVERIFY(absl::IsUnavailable(archives.eraseUnless(archive, away)));
        QVERIFY(isHere());
        QVERIFY(ask(false).ok());
        QVERIFY(!isHere());
    }

    void whatCanNeverStartIsNotTaken() {
        ServerFixture fixture;
        const std::string packed = ifrit::tests::archiveOf("good");
        domain::Manifest manifest = ifrit::tests::manifestOf("logd", "1", "good");
        manifest.archiveSha256 = crypto::sha256Hex(packed);
        manifest.archiveSizeBytes = packed.size();
        manifest.start.command = {"bin/nope"};
        const auto document = package::signManifest(manifest, fixture.key);
        QVERIFY(document.ok());
        const auto begun = fixture.server->services().packages().begin(
            {"root", "local", "test", {}, "test"}, *document, 0);
        QCOMPARE(base::errorInfo(begun.status()).reason, std::string("PACKAGE_MANIFEST"));
    }

    /// A list reads what is desired once and not once per package, and ends a page before its
    /// message is too long.
    void aLongListIsReadOnceAndComesInPages() {
        constexpr int kPackages = 2'500;
        ServerFixture fixture;
        {
            const absl::MutexLock lock(&fixture.database->mutex);
            for (int i = 0; i < kPackages; ++i) {
                storage::PackageRecord package;
                package.agent = "logd";
                package.version = std::to_string(i);
                package.machineTypes = {"LINUX"};
                package.manifestDigest = crypto::sha256Hex(package.version);
                package.archiveDigest = package.manifestDigest;
                package.description = std::string(2'000, 'x');
                fixture.database->state.packages[package.manifestDigest] = package;
            }
            compose::DesiredRow row;
            row.entry.agent = "logd";
            row.entry.level = domain::Level::Full;
            row.entry.version = "7";
            row.entry.manifestDigest = crypto::sha256Hex("7");
            row.machineType = "LINUX";
            fixture.database->state.rows.push_back(row);
        }
        const auto reads = [&fixture] {
            const absl::MutexLock lock(&fixture.database->mutex);
            return fixture.database->reads;
        };
        const int before = reads();
        const auto stub = v1::Packages::NewStub(fixture.root());
        v1::ListPackagesRequest request;
        request.set_page_size(5'000);
        std::set<std::string> seen;
        std::set<std::string> used;
        int pages = 0;
        do {
            grpc::ClientContext context;
            v1::ListPackagesResponse response;
            const grpc::Status status = stub->ListPackages(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            for (const v1::Package& package : response.packages()) {
                QVERIFY(seen.insert(package.version()).second);
                if (package.in_use()) used.insert(package.version());
            }
            request.set_page_token(response.next_page_token());
            ++pages;
        } while (!request.page_token().empty() && pages < 20);
        QCOMPARE(seen.size(), std::size_t{kPackages});
        QCOMPARE(used, std::set<std::string>{"7"});
        QVERIFY(pages > 1);
        // Some are of the master's own rounds meanwhile.
        QVERIFY(reads() - before < kPackages / 5);
    }
};

QTEST_GUILESS_MAIN(TestPublishing)
#include "tst_publishing.moc"
