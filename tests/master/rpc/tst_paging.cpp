// SPDX-License-Identifier: Apache-2.0
// Lists whose items are large: a page ends before a message is too long.
#include <QTest>
#include <set>

#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "master/rpc/paging.h"
#include "master/storage/database.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/message_limits.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestPaging : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPageEndsByItemsOrBytes() {
        v1::AuditRow small;
        small.set_actor("anna");
        PageRoom few(2);
        QVERIFY(few.take(small) && few.take(small) && !few.take(small));
        v1::AuditRow large;
        large.set_error(std::string(ifrit::rpc::kMaxMessageBytes / 5, 'x'));
        PageRoom many(500);
        QVERIFY(many.take(large) && many.take(large) && !many.take(large));
        // One that is larger than all the room is not left out for ever.
        v1::AuditRow huge;
        huge.set_error(std::string(ifrit::rpc::kMaxMessageBytes - 1'000, 'x'));
        PageRoom alone(500);
        QVERIFY(alone.take(huge) && !alone.take(small));
    }

    /// A dozen drafts with the longest gray lists are more than a message.
    void releasesWithLongGrayListsAreAllListed() {
        constexpr std::uint64_t kReleases = 14;
        constexpr int kGray = 10'000;
        TrustedServer server;
        const absl::Status stored =
            server.database->transact([&](storage::Transaction& in) -> absl::Status {
                for (std::uint64_t number = 1; number <= kReleases; ++number) {
                    release::Model model;
                    model.release.id = base::randomUuid();
                    model.release.number = number;
                    model.release.created = server.clock.now();
                    model.release.createdBy = "root";
                    auto& spec = model.release.spec;
                    spec.agent = "logd";
                    spec.version = "1";
                    spec.machineTypes = {"LINUX"};
                    for (int i = 0; i < kGray; ++i)
                        spec.gray.uuids.push_back("00000000-0000-4000-8000-" +
                                                  std::to_string(100'000'000'000 + i));
                    IFRIT_RETURN_IF_ERROR(in.releases().put(model));
                }
                return absl::OkStatus();
            });
        QVERIFY2(stored.ok(), stored.ToString().c_str());
        server.restart();
        const auto stub = v1::Releases::NewStub(server.root());
        std::set<std::uint64_t> seen;
        int pages = 0;
        v1::ListReleasesRequest request;
        do {
            grpc::ClientContext context;
            v1::ListReleasesResponse response;
            const grpc::Status status = stub->ListReleases(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            for (const v1::Release& release : response.releases()) {
                QCOMPARE(release.spec().gray().uuids_size(), kGray);
                QVERIFY(seen.insert(release.number()).second);
            }
            request.set_page_token(response.next_page_token());
            ++pages;
        } while (!request.page_token().empty() && pages < 20);
        QCOMPARE(seen.size(), std::size_t{kReleases});
        QVERIFY(pages > 1);
    }
};

QTEST_GUILESS_MAIN(TestPaging)
#include "tst_paging.moc"
