// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <set>

#include "shared/base/status.h"
#include "tests/master/rpc/server_fixture.h"
#include "tests/support/test_manifest.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestPublishing : public QObject {
    Q_OBJECT
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
